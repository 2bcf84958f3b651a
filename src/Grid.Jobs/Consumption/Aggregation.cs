using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Computes again exactly the days that were marked. Running it twice changes nothing.</summary>
public sealed class Aggregation(MeterCurves curves, IHouseholdDays days, KeptReadings kept, CurrentRegistry registry)
{
    private const int MarksARound = 4_000;

    /// <returns>How many marks were settled; 0 if there were none.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var touched = await days.TouchedAsync(MarksARound, ct);
        // What the registry has marked is computed with that registry: this process reads it within seconds, and then there is another turn.
        if (touched.Count == 0 || !await registry.IsNewestAsync(ct)) return 0;
        var snapshot = registry.Snapshot;
        List<TouchedDay> shared = [];
        Dictionary<HouseholdId, List<TouchedDay>> byHousehold = [];
        foreach (var mark in touched)
        {
            var households = HouseholdsBehind(mark, snapshot).ToList();
            if (households.Count != 1) shared.Add(mark);
            foreach (var household in households)
            {
                if (!byHousehold.TryGetValue(household, out var marks)) byHousehold[household] = marks = [];
                marks.Add(mark);
            }
        }

        var whole = await kept.WholeFromAsync(ct);
        var filled = await FilledAroundAsync(touched, ct);
        foreach (var (household, marks) in byHousehold)
        {
            var dates = marks.Select(m => m.Day).Concat(filled[household].Where(day => marks.Any(m => IsWithinReach(m.Day, day)))).Distinct().Order();
            var computed = await ComputeAsync(household, [.. dates], snapshot, ct);
            await days.ReplaceAsync(await WithoutLossAsync(household, computed, whole, ct), [.. marks.Except(shared)], ct);
        }

        // A mark of two households, or of none, goes when all that it asked for is there.
        if (shared.Count > 0) await days.ReplaceAsync([], shared, ct);
        return touched.Count;
    }

    /// <summary>Days with filled gaps near the marked ones: what arrived may fill them otherwise (METHOD.md rule 1.7).</summary>
    private async Task<ILookup<HouseholdId, LocalDate>> FilledAroundAsync(IReadOnlyList<TouchedDay> touched, CancellationToken ct)
    {
        var (first, last) = (touched.Min(t => t.Day), touched.Max(t => t.Day));
        return (await days.FilledAsync(first.PlusDays(-FlatGaps.ReachDays), last.PlusDays(FlatGaps.ReachDays + 1), ct)).ToLookup(f => f.Household, f => f.Day);
    }

    private static bool IsWithinReach(LocalDate mark, LocalDate day) => Math.Abs(Period.DaysBetween(mark, day)) <= FlatGaps.ReachDays;

    private static IEnumerable<HouseholdId> HouseholdsBehind(TouchedDay mark, RegistrySnapshot snapshot)
    {
        var day = snapshot.Calendar.Whole(mark.Day);
        return snapshot.InstallsOf(mark.Meter)
            .Where(i => (i is { Kind: MeterKind.Main, Household: not null } || i.IsBehindMain) && i.Overlaps(day))
            .Select(i => i.Household!.Value).Distinct().Where(home => snapshot.MainMetersOf(home).Any(m => m.Overlaps(day)));
    }

    /// <summary>Of days whose readings may be deleted, those that know no less than what is there (METHOD.md rule 1.14).</summary>
    private async Task<IReadOnlyList<HouseholdDay>> WithoutLossAsync(HouseholdId household, List<HouseholdDay> computed, LocalDate whole, CancellationToken ct)
    {
        if (computed.Count == 0 || computed[0].Day >= whole) return computed;
        var held = (await days.ReadAsync(household, computed[0].Day, whole, ct)).ToDictionary(d => d.Day);
        return [.. computed.Where(d => !held.TryGetValue(d.Day, out var before) || OldDays.KnowsNoLess(d, before))];
    }

    private async Task<List<HouseholdDay>> ComputeAsync(HouseholdId household, List<LocalDate> dates, RegistrySnapshot snapshot, CancellationToken ct)
    {
        var calendar = snapshot.Calendar;
        List<HouseholdDay> computed = [];
        foreach (var run in DayRuns.Of(dates))
        {
            var span = run.Span(calendar);
            var meters = await curves.OfAsync(household, span, snapshot, ct);
            List<MeterInstall> hung = [.. snapshot.BehindMainOf(household).Where(m => m.Overlaps(span))];
            var behind = hung.Count > 0 ? await curves.OfAsync(hung, span, calendar, ct) : [];
            computed.AddRange(run.Days.Select(date => HouseholdConsumption.DayOf(household, date, meters, calendar, behind)));
        }

        return computed;
    }
}
