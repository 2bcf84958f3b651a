using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Prices every household's closed month, and what it saved, in euros and CO2.</summary>
public sealed class CostWork(
    IHouseholdDays days, IResults results, IPrices prices, ICarbonIntensities intensities, Baselines baselines, Months months, CurrentRegistry registry) : IPeriodicWork
{
    private const double NobodyHeatsCelsius = 16;

    public string Job => "costs";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var (book, kind) = (await prices.ReadAsync(ct), await KindAsync(ct));
        await foreach (var month in months.ClosedAsync(ct))
        {
            var name = MonthlyReport.Name(month);
            var (from, to) = Span(month);
            yield return new(name, string.Join(
                ',', await months.FingerprintAsync(month, ct), months.Households(), Fingerprint(book, month), $"{kind}", await intensities.FingerprintAsync(from, to, ct), await results.FingerprintAsync(ResultKind.Savings, [name], ct),
                await results.FingerprintAsync(ResultKind.Costs, [.. Months.YearBefore(month)], ct)));
        }
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var month = MonthlyReport.MonthOf(period);
        var (calendar, book) = (registry.Snapshot.Calendar, await prices.ReadAsync(ct));
        var contracts = book.Contracts.ToLookup(c => c.Household);
        var (from, to) = Span(month);
        GridIntensity intensity = new(await intensities.ReadAsync(from, to, ct), await KindAsync(ct), calendar);
        var saved = await SavedAsync(month, ct);
        var earlier = await EarlierAsync(month, ct);
        var heating = await HeatingAsync(month, ct);
        List<ResultDraft> drafts = [];
        List<HouseholdDay> household = [];
        await foreach (var day in days.ReadAllAsync(Months.FirstOf(month), Months.FirstOf(month.PlusMonths(1)), ct))
        {
            if (household.Count > 0 && household[0].Household != day.Household) End();
            household.Add(day);
        }

        if (household.Count > 0) End();
        return new(drafts);

        void End()
        {
            var home = household[0].Household;
            var facts = saved.GetValueOrDefault(home);
            // Months against another baseline add up to nothing with this one.
            var own = earlier[home].Where(e => string.Equals(e.BaselineFirst, facts?.Savings.BaselineFirst, StringComparison.Ordinal));
            var costs = HomeCosts.Of(home, month, household, heating.Contains(home), new(contracts[home], book.Tariffs, book.Colours, calendar), intensity, facts, own, calendar);
            drafts.Add(new(HomeCosts.Key(home, month), costs.ToJson()));
            household.Clear();
            progress.Report((drafts.Count, registry.Snapshot.Households.Count));
        }
    }

    private async Task<IReadOnlyDictionary<HouseholdId, SavedFacts>> SavedAsync(YearMonth month, CancellationToken ct)
    {
        var savings = (await results.NewestAsync(ResultKind.Savings, MonthlyReport.Name(month), ct)).Where(r => r.Key.Subject is not null)
            .ToDictionary(r => r.Key.Subject!.Value, r => HomeSavings.FromJson(r.Json));
        if (savings.Count == 0) return new Dictionary<HouseholdId, SavedFacts>();
        var (first, last) = (Months.FirstOf(month), month.ToDateInterval().End);
        var totals = (await days.TotalsAsync(first, last.PlusDays(1), ct)).ToLookup(t => t.Household);
        var celsius = await months.CelsiusAsync(last.PlusDays(1 - Sufficiency.BaselineDays), last.PlusDays(1), ct);
        List<double> year = [.. celsius.Values.Select(c => c.Mean).OfType<double>()];
        var calendar = registry.Snapshot.Calendar;
        Dictionary<HouseholdId, SavedFacts> facts = [];
        foreach (var (home, start, _, baseline) in Baselines.BegunIn(month, await baselines.AllAsync(ct)))
        {
            if (baseline.Fit.Model is not { } model || !savings.TryGetValue(home, out var told) || !string.Equals(told.BaselineFirst, baseline.First, StringComparison.Ordinal)) continue;
            var reporting = HouseholdUse.Days(totals[home].ToDictionary(t => t.Day), celsius, LocalDate.Max(first, start.PlusDays(1)), last, calendar);
            // As savings themselves, only from a baseline that is enough, of a home whose import is its use.
            var trusted = baseline.Fit.Sufficiency.Status is SufficiencyStatus.Pass && !told.OfMonth.Reasons.Any(r => r.Code is Sufficiency.FeedsIn);
            int? heatingDays = trusted && model.Heating is { } heating ? year.Count(c => UseDay.Fahrenheit(c) < heating.BalanceF) : null;
            facts.Add(home, new(told, model, reporting, heatingDays));
        }

        return facts;
    }

    /// <summary>The homes that heat with electricity, unless nobody does in such a month.</summary>
    private async Task<IReadOnlySet<HouseholdId>> HeatingAsync(YearMonth month, CancellationToken ct)
    {
        var celsius = (await months.CelsiusAsync(Months.FirstOf(month), Months.FirstOf(month.PlusMonths(1)), ct)).Values.Select(c => c.Mean).OfType<double>().ToList();
        if (celsius.Count > 0 && celsius.Average() >= NobodyHeatsCelsius) return new HashSet<HouseholdId>();
        return registry.Snapshot.Households.Where(h => h.Heating is HeatingKind.Electric).Select(h => h.Id).ToHashSet();
    }

    private async Task<ILookup<HouseholdId, HomeCosts>> EarlierAsync(YearMonth month, CancellationToken ct)
    {
        List<StoredResult> stored = [];
        foreach (var before in Months.YearBefore(month)) stored.AddRange(await results.NewestAsync(ResultKind.Costs, before, ct));
        return stored.ToLookup(s => s.Key.Subject!.Value, s => HomeCosts.FromJson(s.Json));
    }

    // Until hours are imported, RTE's figures of direct emissions count.
    private async Task<CarbonKind> KindAsync(CancellationToken ct) => await intensities.KindAsync(ct) ?? CarbonKind.Direct;

    private (Instant From, Instant To) Span(YearMonth month)
    {
        var calendar = registry.Snapshot.Calendar;
        return (calendar.StartOf(Months.FirstOf(month)), calendar.StartOf(Months.FirstOf(month.PlusMonths(1))));
    }

    // What comes into force later changes nothing in the month.
    private static string Fingerprint(PriceBook book, YearMonth month)
    {
        var last = month.ToDateInterval().End;
        return Months.Fingerprint(
        [
            .. book.Contracts.Where(c => c.From <= last).Select(c => FormattableString.Invariant($"{c.Household} {c.From:uuuu-MM-dd} {c.Tariff} {c.OffPeak}")),
            .. book.Tariffs.Where(t => t.From <= last).Select(t => FormattableString.Invariant(
                $"{t.Name} {t.From:uuuu-MM-dd} {t.Option} {t.KVa} {t.SubscriptionPerMonth} {t.FeedInPerKwh} {t.VatRate} {t.SubscriptionVatRate} {string.Join(' ', t.PerKwh.OrderBy(p => p.Key).Select(p => FormattableString.Invariant($"{p.Key}={p.Value}")))}")),
            .. book.Colours.Where(c => c.Key >= Months.FirstOf(month).PlusDays(-1) && c.Key <= last).OrderBy(c => c.Key).Select(c => FormattableString.Invariant($"{c.Key:uuuu-MM-dd} {c.Value}")),
        ]);
    }
}
