using Grid.Domain;

namespace Grid.Analytics;

/// <summary>The outdoor mean of a day, and of how much of the day it is the mean.</summary>
/// <param name="Mean">In the unit of the hours; null if half of them or more are missing.</param>
/// <param name="Share">Hours present ÷ hours of the day.</param>
public readonly record struct DailyTemperature(double? Mean, double Share)
{
    /// <summary>METHOD.md rule 5.2.</summary>
    public const int LongestBridge = 6;

    private const double EnoughOfADay = 0.5;

    /// <param name="hours">Whole hours, in any order; several values of one hour are averaged.</param>
    public static IReadOnlyDictionary<LocalDate, DailyTemperature> Of(IEnumerable<TimedValue> hours, LocalCalendar calendar)
    {
        SortedDictionary<Instant, double> known = [];
        foreach (var hour in hours.Where(h => h.Value is not null).GroupBy(h => HourlyTemperature.HourOf(h.Start))) known[hour.Key] = hour.Average(h => h.Value!.Value);
        Bridge(known);
        return known.GroupBy(h => calendar.DayOf(h.Key)).ToDictionary(day => day.Key, day =>
        {
            var share = day.Count() / calendar.Whole(day.Key).Length.TotalHours;
            return new DailyTemperature(share > EnoughOfADay ? day.Average(h => h.Value) : null, Math.Min(1, share));
        });
    }

    /// <summary>A day that somebody else has averaged.</summary>
    public static DailyTemperature OfHours(double mean, int hours) => new(hours > EnoughOfADay * 24 ? mean : null, Math.Min(1, hours / 24.0));

    // Rule 5.2: the straight line across no more than six missing hours.
    private static void Bridge(SortedDictionary<Instant, double> known)
    {
        KeyValuePair<Instant, double>[] given = [.. known];
        foreach (var (from, to) in given.Zip(given.Skip(1)))
        {
            var missing = (int)Math.Round((to.Key - from.Key).TotalHours) - 1;
            if (missing is < 1 or > LongestBridge) continue;
            for (var h = 1; h <= missing; h++)
                known[from.Key + Duration.FromHours(h)] = from.Value + ((to.Value - from.Value) * h / (missing + 1));
        }
    }
}
