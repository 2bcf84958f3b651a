using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Jobs;

/// <summary>Fits the baselines of all households that begin on the same day (METHOD.md rule 5.15).</summary>
public sealed class BaselineWork(IHouseholdDays days, SavingsStarts starts, Months months, CurrentRegistry registry) : IPeriodicWork
{
    public string Job => "baseline";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var group in (await starts.OfAsync(ct)).GroupBy(s => s.Value, s => s.Key).OrderBy(g => g.Key))
        {
            var (start, first) = (group.Key, group.Key.PlusDays(-Sufficiency.BaselineDays));
            if (start > months.Today || await months.IsUnsettledAsync(first, start, ct)) continue;
            yield return new(LocalDatePattern.Iso.Format(start), $"{Months.Fingerprint(group.Order().Select(h => h.Value))},{await months.FingerprintAsync(first, start, ct)}");
        }
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var start = LocalDatePattern.Iso.Parse(period).Value;
        var first = start.PlusDays(-Sufficiency.BaselineDays);
        HouseholdId[] households = [.. (await starts.OfAsync(ct)).Where(s => s.Value == start).Select(s => s.Key).Order()];
        var totals = (await days.TotalsAsync(first, start, ct)).ToLookup(t => t.Household);
        var celsius = await months.CelsiusAsync(first, start, ct);
        var calendar = registry.Snapshot.Calendar;
        var results = new ResultDraft[households.Length];
        var done = 0;
        // Each fit on its own: the order in which they end decides nothing.
        await Parallel.ForAsync(0, households.Length, ct, (i, _) =>
        {
            var fitted = HomeBaseline.Of(households[i], totals[households[i]].ToDictionary(t => t.Day), celsius, start, calendar);
            results[i] = new(HomeBaseline.Key(households[i], start), fitted.ToJson());
            var sofar = Interlocked.Increment(ref done);
            lock (results) progress.Report((sofar, households.Length));
            return ValueTask.CompletedTask;
        });
        return new(results);
    }
}
