namespace Grid.Analytics;

/// <summary>How far a forecast was off over its last days, beside what costs nothing (METHOD.md rules 8.3 and 8.4): shares of what was used, 0.2 is 20 %.</summary>
/// <param name="Days">That it was held against.</param>
/// <param name="HalfHours">Sum of the half-hours' errors, without sign.</param>
/// <param name="Total">The same of whole days.</param>
/// <param name="Persistence">Half-hours, had each day been like the last one that was complete.</param>
/// <param name="LastWeek">Half-hours, had each day been like the same day a week before.</param>
public sealed record ForecastError(int Days, double HalfHours, double Total, double Persistence, double LastWeek)
{
    /// <summary>METHOD.md rule 8.3.</summary>
    public const int Most = 14;

    /// <summary>On the day on which a forecast is made the day before is the last one that is complete.</summary>
    public const int DaysAhead = 2;

    /// <param name="last">The last complete day.</param>
    /// <returns>Null if no day can be held against all three.</returns>
    public static ForecastError? Of(LocalDate last, IReadOnlyList<HistoryDay> history, IReadOnlyDictionary<LocalDate, double> celsius)
    {
        var byDay = history.ToDictionary(h => h.Day);
        double used = 0, own = 0, total = 0, persistence = 0, lastWeek = 0;
        var days = 0;
        for (var day = last.PlusDays(1 - Most); day <= last; day = day.PlusDays(1))
        {
            if (!byDay.TryGetValue(day, out var actual) || !byDay.TryGetValue(day.PlusDays(-DaysAhead), out var before) || !byDay.TryGetValue(day.PlusDays(-7), out var weekBefore)) continue;
            if (DayForecast.Of(day, history.Where(h => h.Day <= day.PlusDays(-DaysAhead)), celsius) is not { } forecast) continue;
            days++;
            used += actual.TotalWh;
            own += Off(forecast, actual);
            total += Math.Abs(forecast.TotalWh - actual.TotalWh);
            persistence += Off(before, actual);
            lastWeek += Off(weekBefore, actual);
        }

        return days > 0 && used > 0 ? new(days, own / used, total / used, persistence / used, lastWeek / used) : null;
    }

    private static double Off(HistoryDay told, HistoryDay actual) => told.Wh.Zip(actual.Wh, (t, a) => Math.Abs(t - a)).Sum();
}
