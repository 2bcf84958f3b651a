using Grid.Domain;
using NodaTime.Text;

namespace Grid.Analytics;

/// <summary>Every household's report of one month (METHOD.md sections 2 and 4).</summary>
public static class MonthlyReports
{
    public static MonthResult Of(MonthFacts facts)
    {
        var (month, calendar) = (facts.Month, facts.Calendar);
        var before = month.PlusMonths(-12);
        var byHousehold = facts.Totals.ToLookup(t => t.Household);
        var (celsius, celsiusBefore) = (MeanCelsius(month, facts.Temperatures, calendar), MeanCelsius(before, facts.Temperatures, calendar));
        List<MonthlyReport> reports = [];
        List<ShownGroup> shown = [];
        Audiences audiences = new(facts.Shown, facts.Shared);
        foreach (var home in facts.Households.OrderBy(h => h.Id))
        {
            var own = MonthEnergy.Of(month, byHousehold[home.Id]);
            var yearBefore = MonthEnergy.Of(before, byHousehold[home.Id]);
            var (neighbours, group) = Compare(facts, home.Id, own, audiences);
            if (group is not null)
            {
                shown.Add(group);
                audiences.Add(group);
            }

            var load = facts.Loads.GetValueOrDefault(home.Id);
            reports.Add(new(
                home.Id.Value, MonthlyReport.Name(month), own, yearBefore.ImportWh is null ? null : yearBefore, ChangePercent(own.WhPerDay, yearBefore.WhPerDay), celsius, celsiusBefore, neighbours,
                load?.Peak is { } peak ? new(OffsetDateTimePattern.Rfc3339.Format(calendar.Local(peak.SlotStart)), peak.PeakDemandW) : null, load?.StandByW, facts.Savings.GetValueOrDefault(home.Id),
                facts.Costs.GetValueOrDefault(home.Id), DailyWh(month, byHousehold[home.Id]), load?.Balance));
        }

        return new(reports, shown);
    }

    // METHOD.md rules 2.1 to 2.6
    private static (NeighbourComparison, ShownGroup?) Compare(MonthFacts facts, HouseholdId home, MonthEnergy energy, Audiences audiences)
    {
        if (energy.WhPerDay is not { } own) return (NeighbourComparison.HiddenBecause(NeighbourComparison.NotEnoughDays), null);
        if (facts.Cohorts.GetValueOrDefault(home) is not { Hidden: null } cohort) return (NeighbourComparison.HiddenBecause(NeighbourComparison.TooFewHomes), null);
        var counted = cohort.Members.Select(HouseholdId.Parse).Where(facts.Counted.ContainsKey).ToHashSet();
        // A corrected month is told of the homes that it was told of first, so that two versions cannot be subtracted.
        var told = facts.Shown.FirstOrDefault(s => s.Audience == home && s.Group.From == facts.From && s.Group.To == facts.To)?.Group.Homes;
        if (told is null && facts.ToldBeforeTheLedger.Contains(home)) return (NeighbourComparison.HiddenBecause(NeighbourComparison.CouldBeSubtracted), null);
        var homes = (told is not null && told.All(facts.Counted.ContainsKey) ? told : counted).ToDictionary(m => m, m => (double)facts.Counted[m]);
        var comparison = NeighbourComparison.Of(own, homes, facts.From, facts.To, audiences.ForAll, audiences.Of(home));
        return (comparison, comparison.Hidden is null ? new(home, new(ReleaseRule.Neighbours, homes.Keys.ToHashSet(), facts.From, facts.To)) : null);
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
        return inMonth.Count >= MonthEnergy.MinimumCompleteDays * (end - start).TotalHours ? Math.Round(inMonth.Average(h => h.Celsius), 1) : null;
    }
}
