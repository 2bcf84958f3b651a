using System.Buffers;
using System.Globalization;
using System.Text;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>The door for both kinds of broker: what comes in here is decoded, checked and committed; then its receipt is told.</summary>
internal sealed class Inbox(Gate gate, Journal journal, GatewayPresence presence, TimeProvider clock)
{
    /// <summary>Waits for a place in the journal's queue, not for the commit. The receipt hears of that, unless this throws.</summary>
    /// <exception cref="JournalFullException">Nothing was taken: the sender must keep the message.</exception>
    public ValueTask OfferAsync(Delivery delivery, CancellationToken ct)
    {
        var payload = delivery.Payload;
        var bytes = payload.IsSingleSegment ? payload.First : payload.ToArray();
        if (Topics.TryParse(delivery.Topic, out _, out var kind) && kind is TopicKind.Status or TopicKind.CommandResults && bytes.Length <= WireLimits.MaxMessageBytes)
        {
            if (kind is TopicKind.Status) presence.Note(delivery.Gateway, SmallMessages.DecodeStatus(bytes.Span));
            delivery.Receipt.Committed();
            return ValueTask.CompletedTask;
        }

        var entry = gate.Inspect(delivery.Gateway, delivery.Topic, delivery.Envelope, bytes.Span, Now());
        return journal.OfferAsync(entry, delivery.Receipt, ct);
    }

    /// <summary>Notes a message that was not read, because of the length that it said it had.</summary>
    /// <exception cref="JournalFullException">It was not noted.</exception>
    public async Task NoteUnreadAsync(GatewayName gateway, string topic, int announcedBytes, CancellationToken ct)
    {
        var length = announcedBytes.ToString(CultureInfo.InvariantCulture);
        Fault fault = new(Reason.TooLarge, $"{length} bytes announced, over {WireLimits.MaxQuarantinedBytes}; not read");
        var item = QuarantineForm.Message(gateway, topic, Now(), Encoding.ASCII.GetBytes(length), fault, keepBody: false) with { Sha256 = "" };
        AwaitedReceipt receipt = new();
        await journal.OfferAsync(new(gateway, item.ReceivedAt, null, null, [], null, [item]), receipt, ct);
        await receipt.Task;
    }

    private Instant Now() => Instant.FromDateTimeOffset(clock.GetUtcNow());
}
