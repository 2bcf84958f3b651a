using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What an intensity is known from; the later, the coarser.</summary>
public enum IntensitySource
{
    Hour = 1,

    /// <summary>The mean of the month's known hours.</summary>
    Month = 2,

    /// <summary>The year's figure for all of France.</summary>
    Year = 3,
}

/// <summary>The grid's carbon intensity at any instant (METHOD.md rules 7.9 and 7.10).</summary>
/// <param name="hours">As far as they are known; of whole local months, so that a mean is that of its month.</param>
/// <param name="kind">Of all of them.</param>
public sealed class GridIntensity(IReadOnlyCollection<HourlyIntensity> hours, CarbonKind kind, LocalCalendar calendar)
{
    /// <summary>Fewer of a month's hours say nothing of the others.</summary>
    public const int LeastHours = 24;

    private readonly Dictionary<Instant, double> _hours = hours.ToDictionary(h => h.Hour, h => h.GramsPerKwh);
    private readonly Dictionary<YearMonth, double> _months = hours.GroupBy(h => calendar.DayOf(h.Hour).ToYearMonth()).Where(m => m.Count() >= LeastHours).ToDictionary(m => m.Key, m => m.Average(h => h.GramsPerKwh));

    public CarbonKind Kind => kind;

    /// <summary>RTE, Bilan électrique 2023 and 2024: direct emissions of production in France, g CO2/kWh.</summary>
    /// <returns>The figure that stands in for a year, and of which year it is.</returns>
    public static (int Year, double GramsPerKwh) OfYear(int year) => year <= 2023 ? (2023, 32) : (2024, 21.7);

    /// <returns>Grams of CO2 for each kWh; null where nothing is known of this kind.</returns>
    public (double GramsPerKwh, IntensitySource Source)? At(Instant at)
    {
        if (_hours.TryGetValue(HourlyTemperature.HourOf(at), out var hour)) return (hour, IntensitySource.Hour);
        var day = calendar.DayOf(at);
        if (_months.TryGetValue(day.ToYearMonth(), out var month)) return (month, IntensitySource.Month);
        return kind is CarbonKind.Direct ? (OfYear(day.Year).GramsPerKwh, IntensitySource.Year) : null;
    }
}
