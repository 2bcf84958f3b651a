using Grid.Domain;
using NodaTime.Text;

namespace Grid.Analytics;

/// <summary>Every household's report of one month (METHOD.md sections 2 and 4).</summary>
public static class MonthlyReports
{
    /// <summary>METHOD.md rules 2.2 and 4.1.</summary>
    public const double MinimumCompleteDays = 0.9;

    public static MonthResult Of(MonthFacts facts)
    {
        var (month, calendar) = (facts.Month, facts.Calendar);
        var before = month.PlusMonths(-12);
        var byHousehold = facts.Totals.ToLookup(t => t.Household);
        var energy = facts.Households.ToDictionary(h => h.Id, h => EnergyOf(month, byHousehold[h.Id]));
        var (celsius, celsiusBefore) = (MeanCelsius(month, facts.Temperatures, calendar), MeanCelsius(before, facts.Temperatures, calendar));
        List<MonthlyReport> reports = [];
        List<ShownGroup> shown = [];
        foreach (var home in facts.Households.OrderBy(h => h.Id))
        {
            var own = energy[home.Id];
            var yearBefore = EnergyOf(before, byHousehold[home.Id]);
            var (neighbours, group) = Compare(facts, home.Id, energy);
            if (group is not null) shown.Add(group);
            var load = facts.Loads.GetValueOrDefault(home.Id);
            reports.Add(new(
                home.Id.Value, MonthlyReport.Name(month), own, yearBefore.ImportWh is null ? null : yearBefore, ChangePercent(own.WhPerDay, yearBefore.WhPerDay), celsius, celsiusBefore, neighbours,
                load?.Peak is { } peak ? new(OffsetDateTimePattern.Rfc3339.Format(calendar.Local(peak.SlotStart)), peak.PeakDemandW) : null, load?.StandByW, facts.Savings.GetValueOrDefault(home.Id),
                facts.Costs.GetValueOrDefault(home.Id), DailyWh(month, byHousehold[home.Id])));
        }

        return new(reports, shown);
    }

    // METHOD.md rules 2.1 to 2.5
    private static (NeighbourComparison, ShownGroup?) Compare(MonthFacts facts, HouseholdId home, Dictionary<HouseholdId, MonthEnergy> energy)
    {
        if (energy[home].WhPerDay is not { } own) return (NeighbourComparison.HiddenBecause(NeighbourComparison.NotEnoughDays), null);
        if (facts.Cohorts.GetValueOrDefault(home) is not { Hidden: null } cohort) return (NeighbourComparison.HiddenBecause(NeighbourComparison.TooFewHomes), null);
        var counted = cohort.Members.Select(HouseholdId.Parse).Where(m => energy.GetValueOrDefault(m)?.WhPerDay is not null).ToHashSet();
        // A corrected month is told of the homes that it was told of first, so that two versions cannot be subtracted.
        var told = facts.Shown.FirstOrDefault(s => s.Audience == home && s.Group.From == facts.From && s.Group.To == facts.To)?.Group.Homes;
        if (told is null && facts.ToldBeforeTheLedger.Contains(home)) return (NeighbourComparison.HiddenBecause(NeighbourComparison.CouldBeSubtracted), null);
        var homes = (told is not null && told.All(counted.Contains) ? told : counted).ToDictionary(m => m, m => (double)energy[m].WhPerDay!.Value);
        var earlier = facts.Shown.Where(s => s.Audience is null || s.Audience == home).Select(s => s.Group);
        var comparison = NeighbourComparison.Of(own, homes, home, facts.From, facts.To, [.. earlier]);
        return (comparison, comparison.Hidden is null ? new(home, new(ReleaseRule.Neighbours, homes.Keys.ToHashSet(), facts.From, facts.To)) : null);
    }

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

    private static List<long?> DailyWh(YearMonth month, IEnumerable<DayTotal> totals)
    {
        var known = totals.ToDictionary(t => t.Day, t => t.ImportWh);
        return [.. month.ToDateInterval().Select(day => known.GetValueOrDefault(day))];
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
