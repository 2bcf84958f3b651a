using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>A reading as the gateway shows it, and what may become of it.</summary>
public readonly record struct ScriptReading(Reading Reading, Fate Expected);

/// <summary>One message of a script. Its bytes follow from it and from the number that the gateway gives it.</summary>
public sealed record ScriptMessage
{
    /// <summary>Counts the gateway's messages from 1: its number on the wire too, unless the gateway had to speak in between.</summary>
    public required long Number { get; init; }

    public required TopicKind Kind { get; init; }

    public IReadOnlyList<ScriptReading> Readings { get; init; } = [];

    public MeterEvent? Event { get; init; }

    /// <summary>What may become of the message as a whole; its readings have their own.</summary>
    public Fate Expected { get; init; } = Fate.Stored;

    internal Damage? Damage { get; init; }

    /// <summary>What a format without a number in it carries.</summary>
    internal byte[]? Telegram { get; init; }

    /// <summary>The payload under this number: always the same bytes.</summary>
    public byte[] Encode(long epoch, long seq)
    {
        if (Telegram is not null) return Telegram;
        if (Event is not null) return SmallMessages.Encode(new EventMessage(epoch, seq, Event));
        var payload = GatewayClient.Encode(new(epoch, seq, [.. Readings.Select(r => r.Reading)]));
        return Damage is null ? payload : Damage.Apply(payload);
    }
}

/// <summary>What the way to the broker does to a payload. Each kind is refused for certain: none leaves another valid message.</summary>
internal sealed record Damage(DamageKind Kind, double Where)
{
    private static ReadOnlySpan<byte> Register => "\"importWh\":"u8;

    public byte[] Apply(byte[] payload)
    {
        var place = 1 + (int)(Where * (payload.Length - 1)); // 1 to the last byte
        switch (Kind)
        {
            case DamageKind.Cut:
                return payload[..place]; // without its last brace it is no JSON
            case DamageKind.Byte:
                var broken = payload.ToArray();
                broken[place] = 0xFF; // which UTF-8 never has
                return broken;
            default:
                var at = payload.AsSpan().IndexOf(Register) + Register.Length;
                return [.. payload[..at], .. "-1"u8, .. payload[at..]]; // the first reading's register, below zero
        }
    }
}

internal enum DamageKind
{
    Cut = 0,
    Byte = 1,
    Negative = 2,
}
