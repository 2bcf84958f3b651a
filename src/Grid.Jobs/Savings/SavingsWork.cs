using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>What every household with a baseline saved in a month, and since its change.</summary>
public sealed class SavingsWork(IHouseholdDays days, IResults results, SavingsStarts starts, Months months, CurrentRegistry registry) : IPeriodicWork
{
    private const int MonthsBefore = 11; // with the month itself, a year

    public string Job => "savings";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var all = await BaselinesAsync(ct);
        if (all.Count == 0) yield break;
        await foreach (var month in months.ClosedAsync(ct))
        {
            var baselines = BegunIn(month, all);
            if (baselines.Count == 0) continue;
            var fits = Months.Fingerprint(baselines.Select(b => $"{b.Baseline.Household} {b.Start} {b.Version}"));
            var earlier = await results.FingerprintAsync(ResultKind.Savings, [.. Before(month)], ct);
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
        var baselines = BegunIn(month, await BaselinesAsync(ct));
        List<ResultDraft> drafts = [];
        foreach (var (household, start, _, baseline) in baselines)
        {
            // A month against another baseline adds up to nothing with this one.
            var own = earlier[household].Where(e => string.Equals(e.BaselineFirst, baseline.First, StringComparison.Ordinal));
            var saved = HomeSavings.Of(baseline, month, start, totals[household].ToDictionary(t => t.Day), celsius, own, registry.Snapshot.Calendar);
            drafts.Add(new(HomeSavings.Key(household, month), saved.ToJson()));
            progress.Report((drafts.Count, baselines.Count));
        }

        return new(drafts);
    }

    private async Task<ILookup<HouseholdId, HomeSavings>> EarlierAsync(YearMonth month, CancellationToken ct)
    {
        List<StoredResult> stored = [];
        foreach (var before in Before(month)) stored.AddRange(await results.NewestAsync(ResultKind.Savings, before, ct));
        return stored.ToLookup(s => s.Key.Subject!.Value, s => HomeSavings.FromJson(s.Json));
    }

    private static IEnumerable<string> Before(YearMonth month) => Enumerable.Range(1, MonthsBefore).Select(i => MonthlyReport.Name(month.PlusMonths(-i)));

    private async Task<IReadOnlyList<Begun>> BaselinesAsync(CancellationToken ct)
    {
        var begun = await starts.OfAsync(ct);
        return
        [
            .. (await results.NewestAsync(ResultKind.Baseline, period: null, ct))
                .Where(b => b.Key.Subject is { } h && begun.TryGetValue(h, out var start) && b.Key == HomeBaseline.Key(h, start))
                .Select(b => new Begun(b.Key.Subject!.Value, begun[b.Key.Subject.Value], b.Version, HomeBaseline.FromJson(b.Json))),
        ];
    }

    /// <summary>Those whose change lies before the month's last day.</summary>
    private static IReadOnlyList<Begun> BegunIn(YearMonth month, IReadOnlyList<Begun> baselines) => [.. baselines.Where(b => b.Start < month.ToDateInterval().End)];

    private sealed record Begun(HouseholdId Household, LocalDate Start, int Version, HomeBaseline Baseline);
}
