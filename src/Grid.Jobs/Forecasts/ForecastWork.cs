using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Jobs;

/// <summary>Tells every day what is expected of the next one, of each household and of the neighbourhood (METHOD.md section 8).</summary>
public sealed class ForecastWork(IHouseholdDays days, MeterCurves curves, ITenancies tenancies, Months months, CurrentRegistry registry) : IPeriodicWork
{
    private const double CompleteHomes = 0.9;

    public string Job => "forecast";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (await days.SpanAsync(ct) is null) yield break;
        var (day, last) = (months.Today.PlusDays(1), months.Today.PlusDays(-1));
        if (await months.IsUnsettledAsync(last, months.Today, ct)) yield break;
        // Today's readings are not in it, so that it is told once a day, and again only if the days before are corrected.
        yield return new(LocalDatePattern.Iso.Format(day), $"{await days.FingerprintAsync(day.PlusDays(-NextDay.LooksBackDays), months.Today, ct)},{months.Installs(day.PlusDays(-NextDay.LooksBackDays), months.Today)},{months.Households()}");
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var day = LocalDatePattern.Iso.Parse(period).Value;
        var last = day.PlusDays(-ForecastError.DaysAhead);
        var (first, calendar) = (day.PlusDays(-NextDay.LooksBackDays), registry.Snapshot.Calendar);
        var celsius = (await months.CelsiusAsync(first, day.PlusDays(1), ct)).Where(c => c.Value.Mean is not null).ToDictionary(c => c.Key, c => c.Value.Mean!.Value);
        NeighbourhoodHistory neighbourhood = new(ReleaseRule.Curve(days: 1), CompleteHomes);
        var homes = registry.Snapshot.Households.Where(h => h.IsHome).Select(h => h.Id).ToHashSet();
        List<ResultDraft> drafts = [];
        List<HistoryDay> load = [];
        HouseholdId? current = null;
        await foreach (var past in days.ReadAllAsync(first, last.PlusDays(1), ct))
        {
            if (current is { } done && done != past.Household) End(done);
            current = past.Household;
            if (!past.IsComplete || past.Quality > Quality.Interpolated) continue; // a day with half-hours filled by rule 1.7 says what others said, and by 1.16 what a person did
            load.Add(HistoryDay.Of(past.Day, [.. past.Slots.Select(s => (double)s.ImportWh!.Value)], calendar));
            if (homes.Contains(past.Household)) neighbourhood.Add(past.Household, load[^1]);
        }

        if (current is { } lastOne) End(lastOne);
        var everybody = new Audiences([], await tenancies.SharedAsync(first, day, ct)).Everybody(registry.Snapshot.Households.Select(h => h.Id));
        var (all, hidden) = neighbourhood.Days(everybody);
        var (pv, pvHidden) = (await PvAsync(homes, first, last, ct)).Days(everybody);
        drafts.Add(new(NextDay.Key(null, day), NextDay.Of(null, day, last, all, pv, celsius, calendar).ForEverybody(hidden, pvHidden).ToJson()));
        return new(drafts);

        void End(HouseholdId household)
        {
            drafts.Add(new(NextDay.Key(household, day), NextDay.Of(household, day, last, load, [], celsius, calendar).ToJson()));
            load.Clear();
            progress.Report((drafts.Count, registry.Snapshot.Households.Count));
        }
    }

    /// <summary>What all panels made, of days on which all that hung then are known.</summary>
    private async Task<NeighbourhoodHistory> PvAsync(HashSet<HouseholdId> homes, LocalDate first, LocalDate last, CancellationToken ct)
    {
        var snapshot = registry.Snapshot;
        var calendar = snapshot.Calendar;
        Slot span = new(calendar.StartOf(first), calendar.StartOf(last.PlusDays(1)));
        var panels = await curves.OfAsync([.. snapshot.Meters.Where(m => m.Kind is MeterKind.Pv && (m.Household is not { } owner || homes.Contains(owner)) && m.Overlaps(span))], span, calendar, ct);
        NeighbourhoodHistory made = new(ReleaseRule.Production, completeHomes: null);
        for (var day = first; day <= last; day = day.PlusDays(1))
        {
            Slot whole = new(calendar.StartOf(day), calendar.StartOf(day.PlusDays(1)));
            var known = panels.Where(p => p.Install.Overlaps(whole)).Select(p => (p.Install.Household, Slots: MadeBy(p, day, calendar))).ToList();
            if (!known.TrueForAll(p => p.Slots is not null)) continue;
            foreach (var (home, slots) in known.OrderBy(p => p.Household is null))
            {
                var history = HistoryDay.Of(day, slots!, calendar);
                if (home is { } owner) made.Add(owner, history);
                else made.AddCommon(history);
            }
        }

        return made;
    }

    /// <returns>Null if a half-hour in which it hung is not known.</returns>
    private static IReadOnlyList<double>? MadeBy(MeteredInterval panel, LocalDate day, LocalCalendar calendar)
    {
        var slots = calendar.SlotsOf(day).Select(slot => panel.Install.Overlaps(slot) ? panel.Curve.Between(slot.Start, slot.End).ExportWh : 0).ToList();
        return slots.TrueForAll(wh => wh is not null) ? [.. slots.Select(wh => (double)wh!.Value)] : null;
    }
}
