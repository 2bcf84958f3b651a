using System.Globalization;
using System.Text;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>
/// One DSMR P1 telegram: <c>/</c> header, blank line, lines of <c>OBIS(value)</c>, <c>!</c> and a CRC over all of that
/// (meter-formats, "DSMR P1"). Versions 2.2 and 3 have no CRC, nothing but the line's parity
/// protects them; a telegram that names its version is later than those and must have it.
/// </summary>
internal sealed class P1Telegram
{
    private static readonly string[] VersionObjects = ["1-3:0.2.8", "0-0:96.1.4"];

    private readonly Dictionary<string, string?> _values = new(StringComparer.Ordinal);

    private P1Telegram()
    {
    }

    /// <summary>Lines that are no object: dropped and counted. With a right CRC the meter itself sent them so.</summary>
    public int BadLines { get; private set; }

    public static P1Telegram Parse(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] != '/') throw new FaultException(Reason.Malformed, "no telegram begins");
        foreach (var b in payload)
            if (b is (< 0x20 or > 0x7E) and not (byte)'\r' and not (byte)'\n') throw new FaultException(Reason.Malformed, "not ASCII");
        var end = payload.IndexOf((byte)'!');
        if (end < 0 || payload[end - 1] != '\n') throw new FaultException(Reason.Malformed, "no end of the telegram");
        var crc = Crc(payload[(end + 1)..]);
        if (crc is { } told && told != P1Crc.Of(payload[..(end + 1)])) throw new FaultException(Reason.BadChecksum, "CRC");
        var lines = Encoding.ASCII.GetString(payload[..end]).Split('\n').Select(l => l.TrimEnd('\r')).ToList();
        if (lines.Count < 3 || lines[1].Length > 0) throw new FaultException(Reason.Malformed, "no blank line after the header");
        var telegram = new P1Telegram();
        foreach (var line in lines.Skip(2)) telegram.Take(line);
        return crc is null && VersionObjects.Any(telegram.Has)
            ? throw new FaultException(Reason.BadChecksum, "a telegram of this version has a CRC")
            : telegram;
    }

    public bool Has(string obis) => _values.ContainsKey(obis);

    public bool HasAny(Func<string, bool> obis) => _values.Keys.Any(obis);

    /// <summary>What stands in the object's first brackets; null where there is no such object.</summary>
    public string? Find(string obis) => !_values.TryGetValue(obis, out var value) ? null : value ?? throw new FaultException(Reason.DuplicateMember, obis);

    /// <summary>A number with that unit, exactly as it was written.</summary>
    public decimal? Number(string obis, string unit)
    {
        if (Find(obis) is not { } text) return null;
        var star = text.IndexOf('*', StringComparison.Ordinal);
        return star is > 0 and <= 20 && string.Equals(text[(star + 1)..], unit, StringComparison.Ordinal)
            && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[star - 1])
            && decimal.TryParse(text.AsSpan(0, star), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FaultException(Reason.BadValue, obis);
    }

    // Up to four upper hex digits: a meter exists that leaves leading zeros out. Spaces would be damaged digits, and are not trimmed.
    private static ushort? Crc(ReadOnlySpan<byte> tail)
    {
        var text = Encoding.ASCII.GetString(tail.TrimEnd("\r\n"u8));
        if (text.Length == 0) return null;
        return text.Length <= 4 && text.All(c => char.IsAsciiDigit(c) || c is >= 'A' and <= 'F')
            ? ushort.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw new FaultException(Reason.Malformed, "no CRC, or more after the telegram");
    }

    // An object that stands twice has no value: which of the two is meant nobody knows.
    private void Take(string line)
    {
        var open = line.IndexOf('(', StringComparison.Ordinal);
        if (line.Length == 0 || open == 0) return; // version 2.2 puts a gas meter's value on a line of its own
        var close = line.IndexOf(')', StringComparison.Ordinal);
        if (close < open || line[^1] != ')' || open < 0) BadLines++;
        else if (!_values.TryAdd(line[..open], line[(open + 1)..close])) _values[line[..open]] = null;
    }
}
