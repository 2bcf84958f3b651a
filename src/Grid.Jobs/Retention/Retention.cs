using System.Runtime.CompilerServices;
using Grid.Analytics;
using Grid.Domain;
using Microsoft.Extensions.Logging;
using NodaTime.Text;

namespace Grid.Jobs;

/// <summary>
/// Deletes raw readings that are old enough, once a local day. What a marked day is still to be computed from stays, and so do household-days and results. A run's inputs are the first
/// day that it keeps, written down before anything is deleted, so that no day is computed from what is gone.
/// </summary>
public sealed partial class Retention(
    IReadingStore readings, IHouseholdDays days, KeptReadings kept, Months months, CurrentRegistry registry, KeepRule keep, ILogger<Retention> logger) : IPeriodicWork
{
    /// <summary>The job's name in the registry.</summary>
    public const string Name = "retention";

    public string Job => Name;

    public async IAsyncEnumerable<DuePeriod> PeriodsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (await FirstDayAsync(months.Today, ct) is not { } first) yield break;
        if (await kept.FirstDayAsync(ct) is { } before) first = LocalDate.Max(first, before); // what is deleted stays so
        yield return new(LocalDatePattern.Iso.Format(months.Today), LocalDatePattern.Iso.Format(first));
    }

    public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
    {
        // Marks may have come since, and gone: never beyond what is written down.
        if (await FirstDayAsync(LocalDatePattern.Iso.Parse(period).Value, ct) is not { } first || await kept.FirstDayAsync(ct) is not { } written) return new([]);
        first = LocalDate.Min(first, written);
        await readings.ForgetAsync(registry.Snapshot.Calendar.StartOf(first), ct);
        return new([]) { Outcome = $"readings before {LocalDatePattern.Iso.Format(first)} deleted" };
    }

    /// <returns>Null while no household has a day.</returns>
    private async Task<LocalDate?> FirstDayAsync(LocalDate today, CancellationToken ct)
    {
        if (await days.SpanAsync(ct) is not var (_, last)) return null;
        var end = LocalDate.Min(today, last); // a clock that has run ahead must not make all readings old
        var first = end.PlusDays(-keep.Days);
        // A marked day and those that it may fill otherwise lean on readings within their reach.
        if (await days.FirstTouchedAsync(ct) is { } marked && marked.PlusDays(-2 * FlatGaps.ReachDays) is var needed && needed < first)
        {
            Log.Waiting(logger, needed, marked);
            return needed;
        }

        if (keep.Days > keep.SettingDays) Log.KeptLonger(logger, first, keep.Days, keep.SettingDays);
        return first;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Readings from {First} on are kept, {Days} days where Grid:Jobs:KeepReadings says {Setting}: days are still computed from them while readings as old as Grid:Ingest:MaxAge may come.")]
        public static partial void KeptLonger(ILogger logger, LocalDate first, int days, int setting);

        [LoggerMessage(2, LogLevel.Information, "Readings from {First} on are kept, longer than Grid:Jobs:KeepReadings says: {Marked} waits to be computed.")]
        public static partial void Waiting(ILogger logger, LocalDate first, LocalDate marked);
    }
}
