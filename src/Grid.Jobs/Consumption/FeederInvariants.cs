using Grid.Analytics;
using Grid.Domain;
using Microsoft.Extensions.Logging;

namespace Grid.Jobs;

/// <summary>Holds each feeder's latest closed days, and those that are broken, against the meters behind it (METHOD.md rule 1.15).</summary>
public sealed partial class FeederInvariants(
    MeterCurves curves, IHouseholdDays days, IFeederDays feeders, KeptReadings kept, CurrentRegistry registry, JobsOptions options, TimeProvider clock, ILogger<FeederInvariants> logger)
{
    private const int LatestDays = 14;

    /// <returns>How many days were checked.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var (snapshot, now) = (registry.Snapshot, Instant.FromDateTimeOffset(clock.GetUtcNow()));
        var known = (await feeders.ViolationsAsync(ct)).ToDictionary(v => (v.Feeder, v.Day));
        var today = snapshot.Calendar.DayOf(now);
        var whole = await kept.WholeFromAsync(ct);
        var latest = Enumerable.Range(1, LatestDays).Select(d => today.PlusDays(-d)).Where(d => d >= whole).ToList();
        var settled = await SettledAsync(latest.Concat(known.Keys.Select(k => k.Day)).Distinct(), ct);
        // What no longer is a feeder with meters behind it can break no more, and of a day whose readings are deleted nobody will ever know.
        HashSet<(MeterName Feeder, LocalDate Day)> done = [.. known.Keys.Where(k => k.Day < whole || !snapshot.Meters.Any(m => m.Feeder == k.Feeder))];
        List<FeederViolation> violations = [];
        foreach (var feeder in snapshot.Meters.Select(m => m.Feeder).OfType<MeterName>().Distinct().Order())
        {
            var dates = latest.Concat(known.Keys.Where(k => k.Feeder == feeder && !done.Contains(k)).Select(k => k.Day)).Where(settled.Contains).Distinct().Order();
            foreach (var run in DayRuns.Of(dates))
            {
                var span = run.Span(snapshot.Calendar);
                var above = await curves.OfAsync([.. snapshot.InstallsOf(feeder).Where(i => i.Overlaps(span))], span, snapshot.Calendar, ct);
                var behind = await curves.OfAsync([.. snapshot.Meters.Where(m => m.Feeder == feeder && m.Overlaps(span))], span, snapshot.Calendar, ct);
                foreach (var day in run.Days)
                {
                    var balance = FeederBalance.Of(snapshot.Calendar.Whole(day), above, behind);
                    if (balance is null && !FeederBalance.IsRejected(snapshot.Calendar.Whole(day), above.Concat(behind))) continue;
                    done.Add((feeder, day));
                    if (balance is not null && !balance.Holds(options.FeederLosses))
                        violations.Add(new(feeder, day, balance.FeederWh, balance.BehindWh, known.GetValueOrDefault((feeder, day))?.NoticedAt ?? now));
                }
            }
        }

        if (done.Count > 0) await feeders.MarkCheckedAsync(done, violations, ct);
        if (violations.Count(v => v.NoticedAt == now) is var fresh and > 0) Log.Broken(logger, fresh, violations.Count + known.Keys.Count(k => !done.Contains(k)));
        return done.Count;
    }

    private async Task<HashSet<LocalDate>> SettledAsync(IEnumerable<LocalDate> dates, CancellationToken ct)
    {
        HashSet<LocalDate> settled = [];
        foreach (var day in dates)
            if (!await days.AnyTouchedAsync(day, day.PlusDays(1), ct)) settled.Add(day);
        return settled;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{New} days of feeders do not add up to the meters behind them within losses; {All} are broken in all. 'FeederViolations' in the registry names them.")]
        public static partial void Broken(ILogger logger, int @new, int all);
    }
}
