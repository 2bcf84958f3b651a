using System.Buffers;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>One message as a broker hands it over, with what to tell that broker in the end.</summary>
/// <param name="Payload">Valid until <see cref="Inbox.OfferAsync"/> has answered.</param>
/// <param name="Envelope">What its user properties say; null if they are none of the contract's.</param>
internal sealed record Delivery(GatewayName Gateway, string Topic, ReadOnlySequence<byte> Payload, Envelope? Envelope, IReceipt Receipt);
