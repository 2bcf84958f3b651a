using Grid.Domain;
using Grid.Wire;
using NodaTime.Text;

namespace Grid.Server;

/// <summary>Days and months as they are typed.</summary>
internal static class Dates
{
    /// <exception cref="UsageException">It is none.</exception>
    public static LocalDate Day(string option, string text) => LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var day }
        ? Within(option, text, day.Year, day)
        : throw new UsageException($"{option}: '{text}' is no day such as 2026-11-24.");

    /// <summary>A first and a last day, <c>2025-01-01..2025-12-31</c>.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static (LocalDate First, LocalDate Last) Range(string option, string text)
    {
        if (text.Split("..") is not [var from, var to] || !LocalDatePattern.Iso.Parse(from).Success || !LocalDatePattern.Iso.Parse(to).Success)
            throw new UsageException($"{option}: '{text}' is no range of days such as 2025-01-01..2025-12-31.");
        var (first, last) = (Day(option, from), Day(option, to));
        return first <= last ? (first, last) : throw new UsageException($"{option}: {from} lies after {to}.");
    }

    /// <exception cref="UsageException">It is none.</exception>
    public static YearMonth Month(string option, string text) => YearMonthPattern.Iso.Parse(text) is { Success: true, Value: var month }
        ? Within(option, text, month.Year, month)
        : throw new UsageException($"{option}: '{text}' is no month such as 2026-10.");

    public static LocalDate Today(IServiceProvider services, LocalCalendar calendar) => calendar.DayOf(Now(services));

    public static Instant Now(IServiceProvider services) => Instant.FromDateTimeOffset(services.GetRequiredService<TimeProvider>().GetUtcNow());

    private static T Within<T>(string option, string text, int year, T found) =>
        SeriesYears.Hold(year) ? found : throw new UsageException($"{option}: {text} lies {SeriesYears.Outside}.");
}
