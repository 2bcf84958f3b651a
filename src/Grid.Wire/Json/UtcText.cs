using System.Globalization;

namespace Grid.Wire;

/// <summary>Instants as the wire spells them: <c>2026-11-24T13:20:00Z</c>, with at most three decimals of a second.</summary>
public static class UtcText
{
    public static string Format(Instant at) => at.ToDateTimeUtc().ToString(
        at.ToUnixTimeMilliseconds() % 1000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Refuses offsets other than Z, leap seconds, days that do not exist and finer fractions.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Instant at)
    {
        at = default;
        if (text.Length is < 20 or > 24 || text[^1] != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return false;
        if (!Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || !Number(text[17..19], out var second))
            return false;
        var milliseconds = 0;
        var fraction = text[19..^1];
        if (fraction.Length > 0)
        {
            if (fraction.Length == 1 || fraction[0] != '.' || !Number(fraction[1..], out milliseconds)) return false;
            for (var digits = fraction.Length - 1; digits < 3; digits++) milliseconds *= 10;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        at = Instant.FromUtc(year, month, day, hour, minute, second).Plus(Duration.FromMilliseconds(milliseconds));
        return true;
    }

    private static bool Number(ReadOnlySpan<char> digits, out int value)
    {
        value = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c)) return false;
            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
