using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>
/// What a message holds, decided from nothing but its bytes, the registry snapshot and the clock: readings and events that
/// may go on, and what is refused with its reason. Never throws for what a gateway sent.
/// </summary>
internal sealed class Gate(CurrentRegistry registry, ReadingRules readingRules, EventRules eventRules)
{
    /// <param name="envelope">What the message's user properties say; null if they are none of the contract's.</param>
    public JournalEntry Inspect(GatewayName gateway, string topic, Envelope? envelope, ReadOnlySpan<byte> payload, Instant receivedAt)
    {
        if (payload.Length > WireLimits.MaxMessageBytes)
        {
            var keep = payload.Length <= WireLimits.MaxQuarantinedBytes;
            return Refuse(gateway, topic, receivedAt, payload, new(Reason.TooLarge, $"{payload.Length} bytes, over {WireLimits.MaxMessageBytes}"), keep);
        }

        if (!Topics.TryParse(topic, out _, out var kind)) return Refuse(gateway, topic, receivedAt, payload, new(Reason.UnsupportedTopic, "no topic of the contract"));
        try
        {
            return kind switch
            {
                TopicKind.Readings => Readings(gateway, topic, receivedAt, payload),
                TopicKind.Events => Event(gateway, topic, receivedAt, payload),
                _ => Refuse(gateway, topic, receivedAt, payload, new(Reason.UnsupportedTopic, $"{Topics.Level(kind)} is not read by this release")),
            };
        }
        catch (Exception unforeseen)
        {
            // Thrown on, it would leave the message unacknowledged: it would come again, and again.
            return Refuse(gateway, topic, receivedAt, payload, new(Reason.Malformed, unforeseen.GetType().Name));
        }
    }

    private JournalEntry Readings(GatewayName gateway, string topic, Instant receivedAt, ReadOnlySpan<byte> payload)
    {
        var decoded = JsonReadings.Decode(payload);
        if (decoded.Fault is { } whole) return Refuse(gateway, topic, receivedAt, payload, whole) with { Epoch = decoded.Epoch, Seq = decoded.Seq };
        List<QuarantinedItem> refused = [];
        foreach (var faulty in decoded.Faulty) refused.Add(QuarantineForm.Faulty(gateway, topic, receivedAt, payload, faulty));
        var refusals = readingRules.Refusals(new(decoded.Readings, gateway, receivedAt, registry.Snapshot));
        foreach (var (position, fault) in refusals)
            refused.Add(QuarantineForm.Reading(gateway, receivedAt, decoded.Readings[position], fault.Reason, fault.Detail));
        var accepted = refusals.Count == 0 ? decoded.Readings : Without(decoded.Readings, refusals);
        return new(gateway, receivedAt, decoded.Epoch, decoded.Seq, accepted, null, refused, decoded.UnknownMembers);
    }

    private static List<Reading> Without(IReadOnlyList<Reading> readings, IReadOnlyList<(int Position, Fault Fault)> refusals)
    {
        var refused = refusals.Select(r => r.Position).ToHashSet();
        return [.. readings.Where((_, position) => !refused.Contains(position))];
    }

    private JournalEntry Event(GatewayName gateway, string topic, Instant receivedAt, ReadOnlySpan<byte> payload)
    {
        var (message, fault) = SmallMessages.DecodeEvent(payload);
        if (message is null) return Refuse(gateway, topic, receivedAt, payload, fault!);
        var installs = message.Event.Meter is { } meter ? registry.Snapshot.InstallsOf(meter) : [];
        return eventRules.Refusal(new(message.Event, installs, gateway, receivedAt)) is { } broken
            ? new(gateway, receivedAt, message.Epoch, message.Seq, [], null, [QuarantineForm.Message(gateway, topic, receivedAt, payload, broken)])
            : new(gateway, receivedAt, message.Epoch, message.Seq, [], message.Event, []);
    }

    private static JournalEntry Refuse(GatewayName gateway, string topic, Instant receivedAt, ReadOnlySpan<byte> payload, Fault fault, bool keepBody = true) =>
        new(gateway, receivedAt, null, null, [], null, [QuarantineForm.Message(gateway, topic, receivedAt, payload, fault, keepBody)]);
}
