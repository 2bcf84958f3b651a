using Grid.FirmwareSim;
using Grid.Wire;

namespace Grid.Faults;

/// <summary>A gateway with its meter: makes messages in order, and sends them in whatever order a row likes.</summary>
internal sealed class FakeGateway(RowRun run, Oracle oracle, int number)
{
    private readonly Dictionary<Message, Sent> _sent = [];
    private long _seq;
    private long _wh = 10_000_000;

    public GatewayName Name { get; } = Neighbourhood.Gateway(number);

    public MeterName Meter { get; } = Neighbourhood.Meter(number);

    /// <summary>The next reading's instant: from 20 days ago on, a minute apart.</summary>
    public Instant At { get; set; } = Instant.FromUnixTimeSeconds((TimeProvider.System.GetUtcNow().AddDays(-20).ToUnixTimeSeconds() / 60) * 60);

    /// <summary>What the register stands at then.</summary>
    public long Wh
    {
        get => _wh;
        set => _wh = value;
    }

    public static IReadOnlyList<FakeGateway> Many(RowRun run, Oracle oracle, int count) => [.. Enumerable.Range(0, count).Select(g => new FakeGateway(run, oracle, g))];

    public Message Next(int readings = 3) => Next([.. Enumerable.Range(0, readings).Select(_ => Advance())]);

    /// <summary>These readings under the next number.</summary>
    public Message Next(params ScriptReading[] readings)
    {
        var seq = ++_seq;
        return new(TopicKind.Readings, seq, readings, GatewayClient.Encode(new(1, seq, [.. readings.Select(r => r.Reading)])), Fate.Stored);
    }

    /// <summary>A payload of no or of damaged readings.</summary>
    public Message Raw(TopicKind kind, Func<long, byte[]> payload, Fate expected)
    {
        var seq = ++_seq;
        return new(kind, seq, [], payload(seq), expected);
    }

    /// <summary>The same readings under another number, as a gateway that has forgotten that it sent them.</summary>
    public Message Again(Message message) => Next([.. message.Readings]);

    public ScriptReading Reading(Instant at, long wh, Fate expected = Fate.Stored) => new(new(Meter, at, new(wh, 0)), expected);

    public ScriptReading Advance()
    {
        var reading = Reading(At, _wh);
        At += Duration.FromMinutes(1);
        _wh += run.Random.Next(0, 90);
        return reading;
    }

    /// <returns>True once it has its PUBACK.</returns>
    public async Task<bool> SendAsync(Core core, Message message)
    {
        if (!_sent.TryGetValue(message, out var sent)) _sent[message] = sent = oracle.Sending(Name, 1, message.Seq, message.Kind, message.Readings, message.Expected, message.Payload);
        if (!await core.SendAsync(Name, Topics.Of(Name, message.Kind), message.Payload, message.Kind is TopicKind.Events ? 0 : sent.Items)) return false;
        oracle.PubAcked(sent);
        return true;
    }
}

/// <summary>A message under its number.</summary>
internal sealed record Message(TopicKind Kind, long Seq, IReadOnlyList<ScriptReading> Readings, byte[] Payload, Fate Expected)
{
    public bool Equals(Message? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
