using Grid.Domain;

namespace Grid.Analytics;

/// <summary>The neighbourhood's days as sums over its homes, without days whose homes could be given away (METHOD.md rules 3.7 and 8.5).</summary>
/// <param name="rule">What each day must fulfil.</param>
/// <param name="completeHomes">A day that a smaller share of all homes has told says nothing of all; the others are scaled up to all. Null: each day is of all
/// that there were, and is production: which roof has the first light tells nothing of who lives under it.</param>
public sealed class NeighbourhoodHistory(ReleaseRule rule, double? completeHomes)
{
    private readonly Dictionary<LocalDate, Sum> _sums = [];

    public void Add(HouseholdId home, HistoryDay day)
    {
        if (!_sums.TryGetValue(day.Day, out var sum)) _sums.Add(day.Day, sum = new([], new double[HistoryDay.HalfHours], new double[HistoryDay.HalfHours]));
        for (var i = 0; i < sum.Wh.Length; i++)
        {
            sum.Wh[i] += day.Wh[i];
            sum.Largest[i] = Math.Max(sum.Largest[i], day.Wh[i]);
        }

        sum.Totals[home] = sum.Totals.GetValueOrDefault(home) + day.TotalWh;
    }

    /// <param name="others">Belongs to no home, and so is nobody's to give away; of days that have homes.</param>
    public void AddCommon(HistoryDay others)
    {
        if (_sums.TryGetValue(others.Day, out var sum))
            for (var i = 0; i < sum.Wh.Length; i++) sum.Wh[i] += others.Wh[i];
    }

    /// <returns>The days that may be used, in order; and why others may not.</returns>
    public (IReadOnlyList<HistoryDay> Days, Suppression? Hidden) Days(IReadOnlyCollection<Audience> audiences)
    {
        var most = _sums.Values.Select(s => s.Totals.Count).DefaultIfEmpty(0).Max();
        var own = audiences.Select(a => a.Own.Count).DefaultIfEmpty(0).Max();
        List<HistoryDay> days = [];
        Suppression? hidden = null;
        foreach (var (day, (totals, wh, largest)) in _sums.Where(s => s.Value.Totals.Count >= (completeHomes ?? 0) * most).OrderBy(s => s.Key))
        {
            if (Release.Check(rule, totals, audiences) is { } why) hidden = why;
            else if (completeHomes is not null && largest.Zip(wh).Any(slot => slot.First > rule.MaxShare * (slot.Second - (own * slot.First)))) hidden = Suppression.OneHomeDominates;
            else days.Add(new(day, completeHomes is null ? wh : [.. wh.Select(w => w * most / totals.Count)]));
        }

        return (days, hidden);
    }

    /// <param name="Largest">Of one home in each half-hour. No home that is somebody's own has more of it.</param>
    private sealed record Sum(Dictionary<HouseholdId, double> Totals, double[] Wh, double[] Largest);
}
