using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>
/// Publishes what the neighbourhood and its buildings imported in a closed month (METHOD.md rule 3.6), after the month's reports: what a resident is told of homes like
/// theirs goes before what everybody is told of a building.
/// </summary>
public sealed class AggregateWork(IResults results, IReleases releases, ITenancies tenancies, Months months, CurrentRegistry registry) : IPeriodicWork
{
    public string Job => "aggregates";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var month in months.ClosedAsync(ct))
        {
            var name = MonthlyReport.Name(month);
            if (await results.AnyAsync(ResultKind.Counted, name, ct)) yield return new(name, await results.FingerprintAsync(ResultKind.Counted, [name], ct));
        }
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var month = MonthlyReport.MonthOf(period);
        var (from, to) = (Months.FirstOf(month), Months.FirstOf(month.PlusMonths(1)));
        Audiences audiences = new(await releases.ShownAsync(from, to, ct), await tenancies.SharedAsync(from, to, ct));
        var (told, shown) = NeighbourhoodMonth.Of(month, registry.Snapshot.Households, await ReportWork.CountedAsync(results, period, ct), audiences);
        return new([new(NeighbourhoodMonth.Key(month), told.ToJson())], shown);
    }
}
