using Grid.Analytics;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Jobs;

/// <summary>Which raw readings are still there, by what retention has begun: it writes that down before it deletes.</summary>
public sealed class KeptReadings(IJobRuns runs)
{
    /// <summary>The first day whose readings are kept; null if none were ever deleted.</summary>
    public async Task<LocalDate?> FirstDayAsync(CancellationToken ct) =>
        await runs.GreatestInputsAsync(Retention.Name, ct) is { } day ? LocalDatePattern.Iso.Parse(day).Value : null;

    /// <summary>From this day on every reading that a day leans on is there.</summary>
    public async Task<LocalDate> WholeFromAsync(CancellationToken ct) => await FirstDayAsync(ct) is { } first ? first.PlusDays(FlatGaps.ReachDays) : LocalDate.MinIsoValue;
}
