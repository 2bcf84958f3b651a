using Grid.Domain;
using NodaTime.Text;

namespace Grid.Server;

/// <summary>Days and months as they are typed.</summary>
internal static class Dates
{
    private const int FirstYear = 1900;
    private const int LastYear = 3000;

    /// <exception cref="UsageException">It is none.</exception>
    public static LocalDate Day(string option, string text) => LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: > FirstYear and < LastYear } day }
        ? day
        : throw new UsageException($"{option}: '{text}' is no day such as 2026-11-24.");

    /// <exception cref="UsageException">It is none.</exception>
    public static YearMonth Month(string option, string text) => YearMonthPattern.Iso.Parse(text) is { Success: true, Value: { Year: > FirstYear and < LastYear } month }
        ? month
        : throw new UsageException($"{option}: '{text}' is no month such as 2026-10.");

    public static LocalDate Today(IServiceProvider services, LocalCalendar calendar) => calendar.DayOf(Now(services));

    public static Instant Now(IServiceProvider services) => Instant.FromDateTimeOffset(services.GetRequiredService<TimeProvider>().GetUtcNow());
}
