using System.Globalization;
using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Chooses for each calendar year whom every household is compared with, and leaves alone what stands (METHOD.md rules 2.1 and 2.5).</summary>
public sealed class CohortWork(IHouseholdDays days, IResults results, Months months, CurrentRegistry registry) : IPeriodicWork
{
    public string Job => "cohorts";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (await days.SpanAsync(ct) is not var (first, _)) yield break;
        for (var year = first.Year; year <= months.Today.Year; year++) yield return new(NameOf(year), months.Households());
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var year = int.Parse(period, CultureInfo.InvariantCulture);
        var households = registry.Snapshot.Households;
        var present = households.Select(h => h.Id).ToHashSet();
        var standing = (await results.NewestAsync(ResultKind.Cohort, period, ct)).ToDictionary(r => r.Key.Subject!.Value, r => Cohort.FromJson(r.Json));
        List<ResultDraft> drafts = [];
        foreach (var home in households.OrderBy(h => h.Id))
        {
            var cohort = standing.TryGetValue(home.Id, out var stands) && !stands.IsWornOut(present) ? stands : Cohort.Of(home, households, year);
            drafts.Add(new(Cohort.Key(home.Id, year), cohort.ToJson()));
            progress.Report((drafts.Count, households.Count));
        }

        return new(drafts);
    }

    public static string NameOf(int year) => year.ToString(CultureInfo.InvariantCulture);
}
