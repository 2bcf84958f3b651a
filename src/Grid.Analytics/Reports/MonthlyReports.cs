using System.Globalization;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Every household's report of one month (METHOD.md sections 2 and 4).</summary>
public static class MonthlyReports
{
    /// <summary>METHOD.md rules 2.2 and 4.1.</summary>
    public const double MinimumCompleteDays = 0.9;

    /// <param name="totals">Daily totals of the month and of the same month a year before, of all households.</param>
    /// <param name="temperatures">Hours of both months, as far as they are known.</param>
    public static IReadOnlyList<MonthlyReport> Of(
        YearMonth month, IReadOnlyList<Household> households, IEnumerable<DayTotal> totals, IReadOnlyList<HourlyTemperature> temperatures, LocalCalendar calendar)
    {
        var before = new YearMonth(month.Year - 1, month.Month);
        var byHousehold = totals.ToLookup(t => t.Household);
        var energy = households.ToDictionary(h => h.Id, h => EnergyOf(month, byHousehold[h.Id]));
        var (celsius, celsiusBefore) = (MeanCelsius(month, temperatures, calendar), MeanCelsius(before, temperatures, calendar));
        return
        [
            .. households.OrderBy(h => h.Id).Select(home =>
            {
                var own = energy[home.Id];
                var yearBefore = EnergyOf(before, byHousehold[home.Id]);
                return new MonthlyReport(
                    home.Id.Value,
                    month.ToString("yyyy-MM", CultureInfo.InvariantCulture),
                    own,
                    yearBefore.ImportWh is null ? null : yearBefore,
                    ChangePercent(own.WhPerDay, yearBefore.WhPerDay),
                    celsius,
                    celsiusBefore,
                    NeighbourComparison.Of(own.WhPerDay, OthersLike(home, households, energy)));
            }),
        ];
    }

    // METHOD.md rules 2.1 and 2.2
    private static double[] OthersLike(Household home, IReadOnlyList<Household> households, Dictionary<HouseholdId, MonthEnergy> energy) =>
    [
        .. households.Where(other => other.Id != home.Id && other.Dwelling == home.Dwelling && other.Heating == home.Heating)
            .Select(other => energy[other.Id].WhPerDay).OfType<long>().Select(wh => (double)wh),
    ];

    private static MonthEnergy EnergyOf(YearMonth month, IEnumerable<DayTotal> totals)
    {
        var interval = month.ToDateInterval();
        var days = totals.Where(t => interval.Contains(t.Day)).ToList();
        var complete = days.Where(d => d.Quality is not (Quality.Unknown or Quality.Partial)).ToList();
        long? sum = days.Any(d => d.ImportWh is not null) ? days.Sum(d => d.ImportWh ?? 0) : null;
        long? perDay = complete.Count >= MinimumCompleteDays * interval.Length
            ? (long)Math.Round(complete.Sum(d => (double)d.ImportWh!) / complete.Count, MidpointRounding.ToEven)
            : null;
        var unknown = Enumerable.Repeat(Quality.Unknown, interval.Length - days.Count);
        return new(interval.Length, complete.Count, sum, perDay, QualityNames.Whole(days.Select(d => d.Quality).Concat(unknown)).Name());
    }

    private static double? ChangePercent(long? now, long? before) =>
        now is { } present && before is > 0 and { } past ? Math.Round(100.0 * (present - past) / past, 1) : null;

    private static double? MeanCelsius(YearMonth month, IReadOnlyList<HourlyTemperature> hours, LocalCalendar calendar)
    {
        var (start, end) = (calendar.StartOf(month.OnDayOfMonth(1)), calendar.StartOf(month.ToDateInterval().End.PlusDays(1)));
        var inMonth = hours.Where(h => start <= h.Hour && h.Hour < end).ToList();
        return inMonth.Count >= MinimumCompleteDays * (end - start).TotalHours ? Math.Round(inMonth.Average(h => h.Celsius), 1) : null;
    }
}
