using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Computes again exactly the days that were marked. Running it twice changes nothing.</summary>
public sealed class Aggregation(IReadingStore readings, ILedger ledger, IHouseholdDays days, CurrentRegistry registry)
{
    private const int MarksARound = 4_000;

    // Reading a few days that nobody asked for is cheaper than another query.
    private const int MaxGapDays = 7;

    /// <returns>How many marks were settled; 0 if there were none.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var touched = await days.TouchedAsync(MarksARound, ct);
        if (touched.Count == 0) return 0;
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

        foreach (var (household, marks) in byHousehold)
        {
            var computed = await ComputeAsync(household, [.. marks.Select(m => m.Day).Distinct().Order()], snapshot, ct);
            await days.ReplaceAsync(computed, [.. marks.Except(shared)], ct);
        }

        // A mark of two households, or of none, goes when all that it asked for is there.
        if (shared.Count > 0) await days.ReplaceAsync([], shared, ct);
        return touched.Count;
    }

    private static IEnumerable<HouseholdId> HouseholdsBehind(TouchedDay mark, RegistrySnapshot snapshot)
    {
        var day = snapshot.Calendar.Whole(mark.Day);
        return snapshot.InstallsOf(mark.Meter)
            .Where(i => i is { Kind: MeterKind.Main, Household: not null } && Overlaps(i, day))
            .Select(i => i.Household!.Value).Distinct();
    }

    private static bool Overlaps(MeterInstall install, Slot span) => install.From < span.End && (install.To is null || install.To > span.Start);

    private async Task<List<HouseholdDay>> ComputeAsync(HouseholdId household, List<LocalDate> dates, RegistrySnapshot snapshot, CancellationToken ct)
    {
        var calendar = snapshot.Calendar;
        List<HouseholdDay> computed = [];
        foreach (var run in Runs(dates))
        {
            var span = new Slot(calendar.StartOf(run[0]), calendar.StartOf(run[^1].PlusDays(1)));
            var installs = snapshot.Meters.Where(m => m.Household == household && m.Kind is MeterKind.Main && Overlaps(m, span)).ToList();
            var breaks = await ledger.RegisterBreaksAsync([.. installs.Select(i => i.Meter)], ct);
            List<MeteredInterval> meters = [];
            foreach (var install in installs)
                meters.Add(new(install, new(await readings.ReadAroundAsync(install.Meter, span.Start, span.End, ct), breaks.GetValueOrDefault(install.Meter, []))));
            computed.AddRange(run.Select(date => HouseholdConsumption.DayOf(household, date, meters, calendar)));
        }

        return computed;
    }

    private static IEnumerable<List<LocalDate>> Runs(List<LocalDate> dates)
    {
        List<LocalDate> run = [];
        foreach (var date in dates)
        {
            if (run.Count > 0 && Period.DaysBetween(run[^1], date) > MaxGapDays)
            {
                yield return run;
                run = [];
            }

            run.Add(date);
        }

        if (run.Count > 0) yield return run;
    }
}
