using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Jobs;

/// <summary>Tells every day what is expected of the next one, of each household and of the neighbourhood (METHOD.md section 8).</summary>
public sealed class ForecastWork(IHouseholdDays days, MeterCurves curves, Months months, CurrentRegistry registry) : IPeriodicWork
{
    private const double CompleteHomes = 0.9;

    public string Job => "forecast";

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (await days.SpanAsync(ct) is null) yield break;
        var (day, last) = (months.Today.PlusDays(1), months.Today.PlusDays(-1));
        if (await months.IsUnsettledAsync(last, months.Today, ct)) yield break;
        // Today's readings are not in it, so that it is told once a day, and again only if the days before are corrected.
        yield return new(LocalDatePattern.Iso.Format(day), await days.FingerprintAsync(day.PlusDays(-NextDay.LooksBackDays), months.Today, ct));
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        var day = LocalDatePattern.Iso.Parse(period).Value;
        var last = day.PlusDays(-ForecastError.DaysAhead);
        var (first, calendar) = (day.PlusDays(-NextDay.LooksBackDays), registry.Snapshot.Calendar);
        var celsius = (await months.CelsiusAsync(first, day.PlusDays(1), ct)).Where(c => c.Value.Mean is not null).ToDictionary(c => c.Key, c => c.Value.Mean!.Value);
        Dictionary<LocalDate, (double[] Wh, int Homes)> sums = [];
        List<ResultDraft> drafts = [];
        List<HistoryDay> load = [];
        HouseholdId? current = null;
        await foreach (var past in days.ReadAllAsync(first, last.PlusDays(1), ct))
        {
            if (current is { } done && done != past.Household) End(done);
            current = past.Household;
            if (!past.IsComplete || past.Quality is Quality.SimilarDay) continue; // a filled day says what others said
            load.Add(HistoryDay.Of(past.Day, [.. past.Slots.Select(s => (double)s.ImportWh!.Value)], calendar));
            var (wh, homes) = sums.GetValueOrDefault(past.Day, (new double[HistoryDay.HalfHours], 0));
            for (var i = 0; i < wh.Length; i++) wh[i] += load[^1].Wh[i];
            sums[past.Day] = (wh, homes + 1);
        }

        if (current is { } lastOne) End(lastOne);
        var most = sums.Values.Select(s => s.Homes).DefaultIfEmpty(0).Max();
        // A day that few homes have told says nothing of all; the others are scaled up to all.
        List<HistoryDay> all = [.. sums.Where(s => s.Value.Homes >= CompleteHomes * most).Select(s => new HistoryDay(s.Key, [.. s.Value.Wh.Select(w => w * most / s.Value.Homes)])).OrderBy(h => h.Day)];
        var pv = await PvAsync(first, last, ct);
        drafts.Add(new(NextDay.Key(null, day), NextDay.Of(null, day, last, all, pv, celsius, calendar).ToJson()));
        return new(drafts);

        void End(HouseholdId household)
        {
            drafts.Add(new(NextDay.Key(household, day), NextDay.Of(household, day, last, load, [], celsius, calendar).ToJson()));
            load.Clear();
            progress.Report((drafts.Count, registry.Snapshot.Households.Count));
        }
    }

    /// <summary>What all panels made, of days on which all that hung then are known.</summary>
    private async Task<IReadOnlyList<HistoryDay>> PvAsync(LocalDate first, LocalDate last, CancellationToken ct)
    {
        var snapshot = registry.Snapshot;
        var calendar = snapshot.Calendar;
        Slot span = new(calendar.StartOf(first), calendar.StartOf(last.PlusDays(1)));
        var panels = await curves.OfAsync([.. snapshot.Meters.Where(m => m.Kind is MeterKind.Pv && m.Overlaps(span))], span, calendar, ct);
        if (panels.Count == 0) return [];
        List<HistoryDay> made = [];
        for (var day = first; day <= last; day = day.PlusDays(1))
        {
            var slots = calendar.SlotsOf(day).Select(slot => panels.Where(p => p.Install.Overlaps(slot)).Select(p => p.Curve.Between(slot.Start, slot.End).ExportWh).ToList()).ToList();
            if (slots.TrueForAll(s => s.TrueForAll(wh => wh is not null))) made.Add(HistoryDay.Of(day, [.. slots.Select(s => (double)s.Sum(wh => wh!.Value))], calendar));
        }

        return made;
    }
}
