using System.Globalization;

namespace Grid.Wire;

/// <summary>
/// What the MQTT 5 user properties <c>epoch</c>, <c>seq</c> and <c>at</c> of a message say. Formats that have no place for a number
/// carry it there; without one there is no <c>ack</c>.
/// </summary>
/// <param name="Epoch">1 or more; present with <paramref name="Seq"/> or not at all.</param>
/// <param name="At">When a frame without a clock of its own was read; null: it was sent as soon as it was read.</param>
public readonly record struct Envelope(long? Epoch, long? Seq, Instant? At)
{
    public const string EpochProperty = "epoch";
    public const string SeqProperty = "seq";
    public const string AtProperty = "at";

    /// <summary>Reads the properties as they came. A text that is none of the contract's answers false: the message must then be refused, not guessed at.</summary>
    public static bool TryParse(string? epoch, string? seq, string? at, out Envelope envelope)
    {
        envelope = default;
        if (epoch is null != seq is null) return false;
        long number = 0, generation = 0;
        if (epoch is not null && !(Number(epoch, out generation) && Number(seq, out number))) return false;
        Instant stamp = default;
        if (at is not null && !UtcText.TryParse(at, out stamp)) return false;
        envelope = new(epoch is null ? null : generation, seq is null ? null : number, at is null ? null : stamp);
        return true;
    }

    /// <summary>The time of a frame that has no clock, in whole milliseconds.</summary>
    public Instant ReadAt(Instant receivedAt) => Instant.FromUnixTimeMilliseconds((At ?? receivedAt).ToUnixTimeMilliseconds());

    private static bool Number(string? text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and < long.MaxValue;
}
