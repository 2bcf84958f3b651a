using Grid.Analytics;
using Grid.Domain;
using Microsoft.Extensions.Logging;

namespace Grid.Jobs;

/// <summary>Checks every household-day that was computed since its last check, and raises what is broken: in the log, as a metric, on the registry.</summary>
public sealed partial class Invariants
{
    private const int DaysARound = 2_000;
    private const int MostCounted = 10_000;

    private readonly MeterCurves _curves;
    private readonly IHouseholdDays _days;
    private readonly KeptReadings _kept;
    private readonly CurrentRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly ILogger<Invariants> _logger;
    private int _broken;

    public Invariants(MeterCurves curves, IHouseholdDays days, KeptReadings kept, CurrentRegistry registry, JobMetrics metrics, TimeProvider clock, ILogger<Invariants> logger)
    {
        (_curves, _days, _kept, _registry, _clock, _logger) = (curves, days, kept, registry, clock, logger);
        metrics.ObserveBroken(() => _broken);
    }

    /// <returns>How many days were checked.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var snapshot = _registry.Snapshot;
        var fresh = await _days.UncheckedAsync(DaysARound, ct);
        var whole = await _kept.WholeFromAsync(ct); // before it the readings that are left say nothing of a day
        List<Violation> violations = [];
        HashSet<(HouseholdId Household, LocalDate Day)> waiting = [];
        foreach (var household in fresh.GroupBy(u => u.Day.Household))
        {
            var days = household.ToDictionary(u => u.Day.Day, u => u.Day);
            foreach (var run in DayRuns.Of(days.Keys.Order()))
            {
                var meters = await _curves.OfAsync(household.Key, run.Span(snapshot.Calendar), snapshot, ct);
                foreach (var date in run.Days.Where(d => d >= whole))
                {
                    if (Conservation.Broken(days[date], meters, snapshot.Calendar) is not { } registerWh) continue;
                    // Of readings that came since, the day that they touch is about to be computed again: it is asked then.
                    if (await _days.AnyTouchedAsync(date, date.PlusDays(1), ct)) waiting.Add((household.Key, date));
                    else violations.Add(new(household.Key, date, registerWh, days[date].ImportWh, Instant.FromDateTimeOffset(_clock.GetUtcNow())));
                }
            }
        }

        List<RevisedDay> done = [.. fresh.Where(u => !waiting.Contains((u.Day.Household, u.Day.Day)))];
        if (done.Count > 0) await _days.MarkCheckedAsync(done, violations, ct);
        _broken = (await _days.ViolationsAsync(MostCounted, ct)).Count;
        if (violations.Count > 0) Log.Broken(_logger, violations.Count, _broken);
        return done.Count;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{New} household-days do not add up to their registers; {All} are broken in all. 'Violations' in the registry names them.")]
        public static partial void Broken(ILogger logger, int @new, int all);
    }
}
