using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>
/// Settles once for each closed month which households count in figures about many, and with what (METHOD.md rule 2.6): whatever is corrected later, all of those figures are
/// of the same numbers.
/// </summary>
public sealed class CountedWork(IHouseholdDays days, IResults results, IJobRuns runs, Months months, CurrentRegistry registry) : IPeriodicWork
{
    private const string WithThoseThatDo = ",with those that do";

    public string Job => "counted";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var committed = await runs.CommittedInputsAsync(Job, ct);
        await foreach (var month in months.ClosedAsync(ct))
        {
            var name = MonthlyReport.Name(month);
            if (!await results.AnyAsync(ResultKind.Counted, name, ct)) yield return new(name, await InputsAsync(month, committed.GetValueOrDefault(name, ""), ct));
        }
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var month = MonthlyReport.MonthOf(period);
        var committed = await runs.CommittedInputsAsync(Job, ct);
        var waitsNoLonger = (await InputsAsync(month, committed.GetValueOrDefault(period, ""), ct)).EndsWith(WithThoseThatDo, StringComparison.Ordinal);
        var counted = CountedMonth.Of(month, await days.TotalsAsync(Months.FirstOf(month), Months.FirstOf(month.PlusMonths(1)), ct));
        var snapshot = registry.Snapshot;
        var start = snapshot.Calendar.StartOf(Months.FirstOf(month));
        var awaited = snapshot.Households.Where(h => snapshot.MainMetersOf(h.Id).Any(m => m.Covers(start))).Select(h => h.Id.Value).ToHashSet(StringComparer.Ordinal);
        if (!waitsNoLonger && counted.Count(c => awaited.Contains(c.Household)) < CountedMonth.EnoughHomes * awaited.Count) return new([]);
        return new([.. counted.Select(c => new ResultDraft(CountedMonth.Key(HouseholdId.Parse(c.Household), month), c.ToJson()))]);
    }

    private async Task<string> InputsAsync(YearMonth month, string committed, CancellationToken ct)
    {
        var inputs = $"{await days.FingerprintAsync(Months.FirstOf(month), Months.FirstOf(month.PlusMonths(1)), ct)},{months.Households()}";
        var isOld = months.Today > month.ToDateInterval().End.PlusDays(CountedMonth.LongestWaitDays);
        // A history that is being loaded changes from turn to turn, however old it is.
        return isOld && committed.StartsWith(inputs, StringComparison.Ordinal) ? inputs + WithThoseThatDo : inputs;
    }
}
