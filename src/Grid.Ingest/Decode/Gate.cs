using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>
/// What a message holds, decided from nothing but its bytes, the registry snapshot, consents and the clock: readings and events that
/// may go on, and what is refused with its reason. Never throws for what a gateway sent.
/// </summary>
internal sealed class Gate(CurrentRegistry registry, IConsent consent, ReadingRules readingRules, EventRules eventRules)
{
    /// <param name="envelope">What the message's user properties say; null if they are none of the contract's.</param>
    public JournalEntry Inspect(GatewayName gateway, string topic, Envelope? envelope, ReadOnlySpan<byte> payload, Instant receivedAt)
    {
        var message = new Message(gateway, topic, envelope.GetValueOrDefault(), receivedAt, payload);
        if (payload.Length > WireLimits.MaxMessageBytes)
        {
            var keep = payload.Length <= WireLimits.MaxQuarantinedBytes;
            return message.Refused(new(Reason.TooLarge, $"{payload.Length} bytes, over {WireLimits.MaxMessageBytes}"), keep);
        }

        if (!Topics.TryParse(topic, out _, out var kind)) return message.Refused(new(Reason.UnsupportedTopic, "no topic of the contract"));
        if (envelope is null) return message.Refused(new(Reason.BadValue, "user properties"));
        try
        {
            return kind switch
            {
                TopicKind.Readings => Readings(message, JsonReadings.Decode(payload)),
                TopicKind.Senml => Readings(message, SenmlReadings.Decode(payload, envelope.Value, receivedAt)),
                TopicKind.Tic => Readings(message, TicReadings.Decode(payload, envelope.Value, receivedAt)),
                TopicKind.P1 => Readings(message, P1Readings.Decode(payload, envelope.Value, receivedAt)),
                TopicKind.Events => Event(message),
                _ => message.Refused(new(Reason.UnsupportedTopic, $"{Topics.Level(kind)} is not for ingest")),
            };
        }
        catch (Exception unforeseen)
        {
            // Thrown on, it would leave the message unacknowledged: it would come again, and again.
            return message.Refused(new(Reason.Malformed, unforeseen.GetType().Name));
        }
    }

    private JournalEntry Readings(Message message, DecodedReadings decoded)
    {
        var (epoch, seq) = (decoded.Epoch ?? message.Envelope.Epoch, decoded.Seq ?? message.Envelope.Seq);
        if (decoded.Fault is { } whole)
            return message.Refused(whole) with { Epoch = epoch, Seq = seq, UnknownMembers = decoded.UnknownMembers, DroppedGroups = decoded.DroppedGroups };

        List<QuarantinedItem> refused = [];
        foreach (var faulty in decoded.Faulty) refused.Add(QuarantineForm.Faulty(message.Gateway, message.Topic, message.ReceivedAt, message.Payload, faulty));
        var snapshot = registry.Snapshot;
        var refusals = readingRules.Refusals(new(decoded.Readings, message.Gateway, message.ReceivedAt, snapshot));
        foreach (var (position, fault) in refusals)
            refused.Add(QuarantineForm.Reading(message.Gateway, message.ReceivedAt, decoded.Readings[position], fault.Reason, fault.Detail));
        var accepted = refusals.Count == 0 ? decoded.Readings : Without(decoded.Readings, refusals);
        var kept = Let(accepted, snapshot);
        return new(
            message.Gateway, message.ReceivedAt, epoch, seq, kept, null, refused, decoded.UnknownMembers, decoded.DroppedGroups, Withheld: accepted.Count - kept.Count);
    }

    private JournalEntry Event(Message message)
    {
        var (decoded, fault) = SmallMessages.DecodeEvent(message.Payload);
        if (decoded is null) return message.Refused(fault!);
        var installs = decoded.Event.Meter is { } meter ? registry.Snapshot.InstallsOf(meter) : [];
        var broken = eventRules.Refusal(new(decoded.Event, installs, message.Gateway, message.ReceivedAt));
        return broken is null
            ? new(message.Gateway, message.ReceivedAt, decoded.Epoch, decoded.Seq, [], decoded.Event, [])
            : message.Refused(broken) with { Epoch = decoded.Epoch, Seq = decoded.Seq };
    }

    private static List<Reading> Without(IReadOnlyList<Reading> readings, IReadOnlyList<(int Position, Fault Fault)> refusals)
    {
        var refused = refusals.Select(r => r.Position).ToHashSet();
        return [.. readings.Where((_, position) => !refused.Contains(position))];
    }

    private IReadOnlyList<Reading> Let(IReadOnlyList<Reading> readings, RegistrySnapshot snapshot)
    {
        for (var i = 0; i < readings.Count; i++)
            if (!Lets(readings[i], snapshot)) return [.. readings.Where(r => Lets(r, snapshot))];
        return readings;
    }

    // Where the meter is between two homes, at the very instant of the change, both must agree.
    private bool Lets(Reading reading, RegistrySnapshot snapshot)
    {
        foreach (var install in snapshot.InstallsOf(reading.Meter))
            if ((install.Covers(reading.At) || install.To == reading.At) && !consent.Lets(install, reading)) return false;
        return true;
    }

    /// <summary>A message under inspection.</summary>
    private readonly ref struct Message(GatewayName gateway, string topic, Envelope envelope, Instant receivedAt, ReadOnlySpan<byte> payload)
    {
        public GatewayName Gateway { get; } = gateway;

        public string Topic { get; } = topic;

        public Envelope Envelope { get; } = envelope;

        public Instant ReceivedAt { get; } = receivedAt;

        public ReadOnlySpan<byte> Payload { get; } = payload;

        public JournalEntry Refused(Fault fault, bool keepBody = true) => new(
            Gateway, ReceivedAt, Envelope.Epoch, Envelope.Seq, [], null, [QuarantineForm.Message(Gateway, Topic, ReceivedAt, Payload, fault, keepBody)]);
    }
}
