using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>
/// Tells operators what all homes saved together in a closed month (METHOD.md rule 5.13), after what everybody is told of it, since they know that too. Once: two versions would differ by what few
/// homes corrected.
/// </summary>
public sealed class PortfolioWork(IResults results, IReleases releases, Months months) : IPeriodicWork
{
    public string Job => "portfolio";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var month in months.ClosedAsync(ct))
        {
            var name = MonthlyReport.Name(month);
            if (!await results.AnyAsync(ResultKind.Savings, name, ct) || !await results.AnyAsync(ResultKind.Neighbourhood, name, ct) || await ToldAsync(month, ct)) continue;
            yield return new(name, $"{await results.FingerprintAsync(ResultKind.Savings, [name], ct)},{await results.FingerprintAsync(ResultKind.Neighbourhood, [name], ct)}");
        }
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var month = MonthlyReport.MonthOf(period);
        if (await ToldAsync(month, ct)) return new([]);
        var (first, next) = (Months.FirstOf(month), Months.FirstOf(month.PlusMonths(1)));
        Audiences audiences = new(await releases.ShownToOperatorsAsync(first, next, ct), []);
        var homes = (await results.NewestAsync(ResultKind.Savings, period, ct)).Select(r => HomeSavings.FromJson(r.Json)).ToList();
        var (told, shown) = NeighbourhoodSavings.Of(month, homes, audiences);
        return new([new(NeighbourhoodSavings.Key(month), told.ToJson())], shown);
    }

    private async Task<bool> ToldAsync(YearMonth month, CancellationToken ct) =>
        await results.FindAsync(NeighbourhoodSavings.Key(month), version: null, ct) is { } stored && NeighbourhoodSavings.FromJson(stored.Json).Hidden is null;
}
