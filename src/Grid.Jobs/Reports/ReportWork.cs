using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Writes the report of every closed month: what was used, saved, and how it compares.</summary>
public sealed class ReportWork(
    IHouseholdDays days, IResults results, IReleases releases, ITenancies tenancies, ITemperatures temperatures, Months months, CurrentRegistry registry) : IPeriodicWork
{
    public string Job => "reports";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var month in months.ClosedAsync(ct))
        {
            var before = month.PlusMonths(-12);
            if (await months.IsUnsettledAsync(before, ct)) continue;
            var (name, year) = (MonthlyReport.Name(month), CohortWork.NameOf(month.Year));
            yield return new(name, string.Join(
                ',', await months.FingerprintAsync(month, ct), await months.FingerprintAsync(before, ct), months.Households(),
                await results.FingerprintAsync(ResultKind.Cohort, [year], ct), await results.FingerprintAsync(ResultKind.Savings, [name], ct),
                await results.FingerprintAsync(ResultKind.Costs, [name], ct),
                await results.FingerprintAsync(ResultKind.Counted, [name], ct)));
        }
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var month = MonthlyReport.MonthOf(period);
        var before = month.PlusMonths(-12);
        var snapshot = registry.Snapshot;
        var (from, to) = (Months.FirstOf(month), Months.FirstOf(month.PlusMonths(1)));
        var shownBefore = await releases.ShownAsync(from, to, ct);
        MonthFacts facts = new(
            month, snapshot.Households, [.. await TotalsAsync(month, ct), .. await TotalsAsync(before, ct)], [.. await WeatherAsync(month, ct), .. await WeatherAsync(before, ct)], snapshot.Calendar)
        {
            Cohorts = (await results.NewestAsync(ResultKind.Cohort, CohortWork.NameOf(month.Year), ct)).ToDictionary(r => r.Key.Subject!.Value, r => Cohort.FromJson(r.Json)),
            Savings = (await results.NewestAsync(ResultKind.Savings, period, ct)).ToDictionary(r => r.Key.Subject!.Value, r => HomeSavings.FromJson(r.Json)),
            Costs = (await results.NewestAsync(ResultKind.Costs, period, ct)).ToDictionary(r => r.Key.Subject!.Value, r => HomeCosts.FromJson(r.Json)),
            Loads = await LoadsAsync(month, progress, ct),
            Shown = shownBefore,
            Shared = await tenancies.SharedAsync(from, to, ct),
            Counted = await CountedAsync(results, period, ct),
            ToldBeforeTheLedger = await ToldWithoutAsync(period, shownBefore, ct),
        };
        var (reports, shown) = MonthlyReports.Of(facts);
        return new([.. reports.Where(r => r.Energy.ImportWh is not null).Select(r => new ResultDraft(MonthlyReport.Key(HouseholdId.Parse(r.Household), month), r.ToJson()))], shown);
    }

    internal static async Task<IReadOnlyDictionary<HouseholdId, long>> CountedAsync(IResults results, string period, CancellationToken ct) =>
        (await results.NewestAsync(ResultKind.Counted, period, ct)).ToDictionary(r => r.Key.Subject!.Value, r => CountedMonth.FromJson(r.Json).WhPerDay);

    private async Task<IReadOnlySet<HouseholdId>> ToldWithoutAsync(string period, IReadOnlyList<ShownGroup> shown, CancellationToken ct)
    {
        var noted = shown.Select(s => s.Audience.Household).OfType<HouseholdId>().ToHashSet();
        return (await results.NewestAsync(ResultKind.Report, period, ct))
            .Where(r => r.Key.Subject is { } home && !noted.Contains(home) && MonthlyReport.FromJson(r.Json).Neighbours.Hidden is null)
            .Select(r => r.Key.Subject!.Value).ToHashSet();
    }

    private Task<IReadOnlyList<DayTotal>> TotalsAsync(YearMonth month, CancellationToken ct) =>
        days.TotalsAsync(Months.FirstOf(month), Months.FirstOf(month.PlusMonths(1)), ct);

    private Task<IReadOnlyList<HourlyTemperature>> WeatherAsync(YearMonth month, CancellationToken ct)
    {
        var calendar = registry.Snapshot.Calendar;
        return temperatures.ReadAsync(calendar.StartOf(Months.FirstOf(month)), calendar.StartOf(Months.FirstOf(month.PlusMonths(1))), ct);
    }

    private async Task<IReadOnlyDictionary<HouseholdId, LoadFacts>> LoadsAsync(YearMonth month, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var snapshot = registry.Snapshot;
        Dictionary<HouseholdId, LoadFacts> loads = [];
        List<HouseholdDay> household = [];
        await foreach (var day in days.ReadAllAsync(Months.FirstOf(month), Months.FirstOf(month.PlusMonths(1)), ct))
        {
            if (household.Count > 0 && household[0].Household != day.Household) End();
            household.Add(day);
        }

        if (household.Count > 0) End();
        return loads;

        void End()
        {
            loads[household[0].Household] = LoadFacts.Of(household, snapshot.Calendar);
            household.Clear();
            progress.Report((loads.Count, snapshot.Households.Count));
        }
    }
}
