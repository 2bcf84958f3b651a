using MathNet.Numerics.LinearRegression;

namespace Grid.Analytics;

/// <summary>
/// The next day from the days before it and the temperature (METHOD.md section 8): how much, by least squares on heating, cooling and day of rest; when, by the mean shape of
/// days like it.
/// </summary>
public static class DayForecast
{
    /// <summary>METHOD.md rule 8.1.</summary>
    public const int HistoryDays = 56;

    /// <summary>METHOD.md rule 8.1.</summary>
    public const int FewestDays = 14;

    private const int ShapeDays = 28;
    private const int DaysWithoutWeather = 21;
    private const int FewestLikeDays = 2;
    private const int FewestDegreeDays = 5;
    private const double HeatingBelowC = 15.5;
    private const double CoolingAboveC = 22;

    /// <param name="day">The day to tell.</param>
    /// <param name="history">Complete days, of which those before <paramref name="day"/> count, <see cref="HistoryDays"/> at most.</param>
    /// <param name="celsius">Mean outdoor temperature of days; a day without one counts as one that needs neither heating nor cooling told apart.</param>
    /// <returns>48 half-hours by the clock on the wall; null with too short a history.</returns>
    public static HistoryDay? Of(LocalDate day, IEnumerable<HistoryDay> history, IReadOnlyDictionary<LocalDate, double> celsius)
    {
        List<HistoryDay> past = [.. history.Where(h => h.Day < day && Period.DaysBetween(h.Day, day) <= HistoryDays).OrderBy(h => h.Day)];
        if (past.Count < FewestDays) return null;
        var level = Math.Max(0, Level(day, past, celsius));
        List<HistoryDay> like = [.. past.Where(h => IsRest(h.Day) == IsRest(day) && Period.DaysBetween(h.Day, day) <= ShapeDays && h.TotalWh > 0)];
        if (like.Count < FewestLikeDays) like = [.. past.Where(h => h.TotalWh > 0)];
        return new(day, [.. Enumerable.Range(0, HistoryDay.HalfHours).Select(i => like.Count == 0 ? 0 : level * like.Average(h => h.Wh[i] / h.TotalWh))]);
    }

    private static double Level(LocalDate day, List<HistoryDay> past, IReadOnlyDictionary<LocalDate, double> celsius)
    {
        List<HistoryDay> known = [.. past.Where(h => celsius.ContainsKey(h.Day))];
        var hasWeather = celsius.ContainsKey(day) && known.Count >= FewestDays;
        // What the weather would tell is then told by the days just before.
        var days = hasWeather ? known : past.Where(h => Period.DaysBetween(h.Day, day) <= DaysWithoutWeather).ToList();
        if (days.Count == 0) days = past;
        Func<LocalDate, double>[] terms =
        [
            d => IsRest(d) ? 1 : 0,
            .. hasWeather ? (Func<LocalDate, double>[])[d => Math.Max(HeatingBelowC - celsius[d], 0), d => Math.Max(celsius[d] - CoolingAboveC, 0)] : [],
        ];
        // A term that next to no day has cannot be told from chance.
        Func<LocalDate, double>[] told = [.. terms.Where(t => days.Count(d => t(d.Day) > 0) >= FewestDegreeDays && days.Exists(d => t(d.Day) <= 0 || t(d.Day) != t(days[0].Day)))];
        if (told.Length == 0) return days.Average(d => d.TotalWh);
        var fitted = MultipleRegression.QR([.. days.Select(d => told.Select(t => t(d.Day)).ToArray())], [.. days.Select(d => d.TotalWh)], intercept: true);
        return fitted[0] + told.Select((t, i) => t(day) * fitted[i + 1]).Sum();
    }

    private static bool IsRest(LocalDate day) => day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;
}
