using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>Fills in the form that goes with what is refused. Its id follows from what came, so that the same thing sent again is the same item.</summary>
internal static class QuarantineForm
{
    private const int MaxText = 256;

    public static QuarantinedItem Message(GatewayName gateway, string topic, Instant receivedAt, ReadOnlySpan<byte> payload, Fault fault, bool keepBody = true) =>
        Of(gateway, topic, receivedAt, null, null, fault, payload, -1, keepBody);

    public static QuarantinedItem Faulty(GatewayName gateway, string topic, Instant receivedAt, ReadOnlySpan<byte> payload, FaultyReading faulty) =>
        Of(gateway, topic, receivedAt, faulty.Meter, faulty.At, faulty.Fault, payload.Slice(faulty.From, faulty.Length), faulty.Index, true);

    public static QuarantinedItem Reading(GatewayName gateway, Instant receivedAt, Reading reading, Reason reason, string detail)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body)) JsonReadings.Encode(json, reading);
        var topic = Topics.Of(gateway, TopicKind.Readings);
        return Of(gateway, topic, receivedAt, reading.Meter, reading.At, new(reason, detail), body.WrittenSpan, 0, true);
    }

    /// <summary>True for a message, false for a part of one: its id says which.</summary>
    public static bool IsMessage(QuarantinedItem item) => string.Equals(item.Id, Id(item.Gateway, item.Topic, -1, item.Reason, item.Sha256), StringComparison.Ordinal);

    private static QuarantinedItem Of(
        GatewayName gateway, string topic, Instant receivedAt, MeterName? meter, Instant? at, Fault fault, ReadOnlySpan<byte> body, int index, bool keepBody)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var id = Id(gateway, topic, index, fault.Reason, hash);
        var kept = keepBody ? body[..Math.Min(body.Length, QuarantinedItem.MaxBodyBytes)].ToArray() : [];
        return new(id, receivedAt, gateway, Plain(topic), meter, at, fault.Reason, Plain(fault.Detail), hash, kept);
    }

    private static string Id(GatewayName gateway, string topic, int index, Reason reason, string hash)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{gateway}\n{topic}\n{index}\n{reason.Code()}\n{hash}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }

    // PostgreSQL refuses a NUL in a text, and a log should not be written to by a topic.
    private static string Plain(string text) => string.Concat(text.Take(MaxText).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));
}
