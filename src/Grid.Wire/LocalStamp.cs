using System.Globalization;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>
/// A meter's local time, <c>YYMMDDhhmmss</c>, whose season is told beside it: summer is UTC+2, winter UTC+1. That alone settles
/// the hour that comes twice in autumn. Linky's horodates and DSMR's TST share it.
/// </summary>
internal static class LocalStamp
{
    public const int Digits = 12;

    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb[LocalCalendar.DefaultZone];

    public static bool TryParse(ReadOnlySpan<char> digits, out LocalDateTime local)
    {
        local = default;
        Span<int> parts = stackalloc int[6];
        if (digits.Length != Digits) return false;
        for (var i = 0; i < parts.Length; i++)
            if (!int.TryParse(digits.Slice(2 * i, 2), NumberStyles.None, CultureInfo.InvariantCulture, out parts[i])) return false;
        var year = 2000 + parts[0];
        if (parts[1] is < 1 or > 12 || parts[2] < 1 || parts[2] > DateTime.DaysInMonth(year, parts[1]) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
            return false;
        local = new(year, parts[1], parts[2], parts[3], parts[4], parts[5]);
        return true;
    }

    public static Instant ToInstant(LocalDateTime local, bool summer) => local.WithOffset(Offset.FromHours(summer ? 2 : 1)).ToInstant();

    /// <exception cref="ArgumentException">The instant has a fraction of a second, or its year does not begin with 20.</exception>
    public static (LocalDateTime Local, bool Summer) Of(Instant at)
    {
        var summer = Zone.GetZoneInterval(at).Savings != Offset.Zero;
        var local = at.WithOffset(Offset.FromHours(summer ? 2 : 1)).LocalDateTime;
        return local.NanosecondOfSecond == 0 && local.Year is >= 2000 and <= 2099
            ? (local, summer)
            : throw new ArgumentException("A meter's clock has whole seconds of the years 2000 to 2099.", nameof(at));
    }

    public static string Format(LocalDateTime local) => local.ToString("yyMMddHHmmss", CultureInfo.InvariantCulture);
}
