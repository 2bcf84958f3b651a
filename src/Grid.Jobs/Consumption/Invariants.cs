using Grid.Analytics;
using Grid.Domain;
using Microsoft.Extensions.Logging;

namespace Grid.Jobs;

/// <summary>Checks every household-day that was computed since its last check, and raises what is broken: in the log, as a metric, on the registry.</summary>
public sealed partial class Invariants(
    MeterCurves curves, IHouseholdDays days, KeptReadings kept, CurrentRegistry registry, TimeProvider clock, ILogger<Invariants> logger)
{
    private const int DaysARound = 2_000;
    private const int MostCounted = 10_000;

    /// <returns>How many days were checked.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var snapshot = registry.Snapshot;
        var fresh = await days.UncheckedAsync(DaysARound, ct);
        var whole = await kept.WholeFromAsync(ct); // before it the readings that are left say nothing of a day
        List<Violation> violations = [];
        HashSet<(HouseholdId Household, LocalDate Day)> waiting = [];
        foreach (var household in fresh.GroupBy(u => u.Day.Household))
        {
            var computed = household.ToDictionary(u => u.Day.Day, u => u.Day);
            foreach (var run in DayRuns.Of(computed.Keys.Order()))
            {
                var meters = await curves.OfAsync(household.Key, run.Span(snapshot.Calendar), snapshot, ct);
                foreach (var date in run.Days.Where(d => d >= whole))
                {
                    if (Conservation.Broken(computed[date], meters, snapshot.Calendar) is not { } registerWh) continue;
                    // Of readings that came since, the day that they touch is about to be computed again: it is asked then.
                    if (await days.AnyTouchedAsync(date, date.PlusDays(1), ct)) waiting.Add((household.Key, date));
                    else violations.Add(new(household.Key, date, registerWh, computed[date].ImportWh, Instant.FromDateTimeOffset(clock.GetUtcNow())));
                }
            }
        }

        List<RevisedDay> done = [.. fresh.Where(u => !waiting.Contains((u.Day.Household, u.Day.Day)))];
        if (done.Count > 0) await days.MarkCheckedAsync(done, violations, ct);
        if (violations.Count > 0) Log.Broken(logger, violations.Count, (await days.ViolationsAsync(MostCounted, ct)).Count);
        return done.Count;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{New} household-days do not add up to their registers; {All} are broken in all. 'Violations' in the registry names them.")]
        public static partial void Broken(ILogger logger, int @new, int all);
    }
}
