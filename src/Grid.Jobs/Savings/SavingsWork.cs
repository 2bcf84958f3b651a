using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>What every household with a baseline saved in a month, and since its change.</summary>
public sealed class SavingsWork(IHouseholdDays days, IResults results, Baselines baselines, Months months, CurrentRegistry registry) : IPeriodicWork
{
    public string Job => "savings";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var all = await baselines.AllAsync(ct);
        if (all.Count == 0) yield break;
        await foreach (var month in months.ClosedAsync(ct))
        {
            var begun = Baselines.BegunIn(month, all);
            if (begun.Count == 0) continue;
            var fits = Months.Fingerprint(begun.Select(b => $"{b.Baseline.Household} {b.Start} {b.Version}"));
            var earlier = await results.FingerprintAsync(ResultKind.Savings, [.. Months.YearBefore(month)], ct);
            yield return new(MonthlyReport.Name(month), $"{fits},{earlier},{await months.FingerprintAsync(month, ct)}");
        }
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var month = MonthlyReport.MonthOf(period);
        var (first, next) = (Months.FirstOf(month), Months.FirstOf(month.PlusMonths(1)));
        var totals = (await days.TotalsAsync(first, next, ct)).ToLookup(t => t.Household);
        var celsius = await months.CelsiusAsync(first, next, ct);
        var earlier = await EarlierAsync(month, ct);
        var begun = Baselines.BegunIn(month, await baselines.AllAsync(ct));
        List<ResultDraft> drafts = [];
        foreach (var (household, start, _, baseline) in begun)
        {
            // A month against another baseline adds up to nothing with this one.
            var own = earlier[household].Where(e => string.Equals(e.BaselineFirst, baseline.First, StringComparison.Ordinal));
            var saved = HomeSavings.Of(baseline, month, start, totals[household].ToDictionary(t => t.Day), celsius, own, registry.Snapshot.Calendar);
            drafts.Add(new(HomeSavings.Key(household, month), saved.ToJson()));
            progress.Report((drafts.Count, begun.Count));
        }

        return new(drafts);
    }

    private async Task<ILookup<HouseholdId, HomeSavings>> EarlierAsync(YearMonth month, CancellationToken ct)
    {
        List<StoredResult> stored = [];
        foreach (var before in Months.YearBefore(month)) stored.AddRange(await results.NewestAsync(ResultKind.Savings, before, ct));
        return stored.ToLookup(s => s.Key.Subject!.Value, s => HomeSavings.FromJson(s.Json));
    }
}
