using Grid.Domain;

namespace Grid.Analytics;

/// <summary>A local day of a recorded load curve.</summary>
/// <param name="WattMinutes">Energy: 60,000 make a kilowatt-hour; exact, whatever the interval's length.</param>
/// <param name="Intervals">How many began on this day and had a value.</param>
/// <param name="Covered">Time of the day that has a value.</param>
/// <param name="Length">23, 24 or 25 hours.</param>
public sealed record CurveDay(LocalDate Day, decimal WattMinutes, int Intervals, Duration Covered, Duration Length)
{
    private const int WattMinutesPerKwh = 60_000;

    /// <summary>Null where no part of the day has a value.</summary>
    public decimal? Kwh => Quality is Quality.Unknown ? null : WattMinutes / WattMinutesPerKwh;

    public Quality Quality => Covered == Length ? Quality.Measured : Covered > Duration.Zero ? Quality.Partial : Quality.Unknown;
}

/// <summary>Mean powers of intervals as the energy of local days (METHOD.md rules 1.6 and 1.11).</summary>
public static class CurveDays
{
    /// <param name="intervals">In time order, without overlap; what is missing is absent.</param>
    /// <returns>Every day from the first interval to the last; a day without a value has none of its length covered.</returns>
    public static IReadOnlyList<CurveDay> Of(IEnumerable<(Slot Span, long Watts)> intervals, LocalCalendar calendar)
    {
        SortedDictionary<LocalDate, CurveDay> days = [];
        foreach (var (span, watts) in intervals)
        {
            // An interval that lasts past midnight is shared out by time.
            foreach (var date in calendar.DaysFrom(span.Start, span.End - Duration.Epsilon))
            {
                var whole = calendar.Whole(date);
                var part = Instant.Min(span.End, whole.End) - Instant.Max(span.Start, whole.Start);
                var day = days.GetValueOrDefault(date) ?? Empty(date, calendar);
                days[date] = day with
                {
                    WattMinutes = day.WattMinutes + (watts * (decimal)part.TotalSeconds / 60),
                    Intervals = day.Intervals + (span.Start >= whole.Start ? 1 : 0),
                    Covered = day.Covered + part,
                };
            }
        }

        if (days.Count == 0) return [];
        var (first, last) = (days.Keys.First(), days.Keys.Last());
        return [.. Enumerable.Range(0, Period.DaysBetween(first, last) + 1).Select(first.PlusDays).Select(date => days.GetValueOrDefault(date) ?? Empty(date, calendar))];
    }

    private static CurveDay Empty(LocalDate date, LocalCalendar calendar) => new(date, 0, 0, Duration.Zero, calendar.Whole(date).Length);
}
