using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Writes the report of every closed month that has data and no day left to compute. The same inputs store nothing new.</summary>
public sealed class Reporting(IHouseholdDays days, IReports reports, ITemperatures temperatures, CurrentRegistry registry, TimeProvider clock) : IDisposable
{
    // Two at once would both write the next version.
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <returns>How many reports were new or corrected.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            return await WriteAsync(ct);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<int> WriteAsync(CancellationToken ct)
    {
        var snapshot = registry.Snapshot;
        if (await days.SpanAsync(ct) is not var (first, last)) return 0;
        var today = snapshot.Calendar.DayOf(Instant.FromDateTimeOffset(clock.GetUtcNow()));
        var stored = 0;
        for (var month = first.ToYearMonth(); IsClosed(month, today) && month <= last.ToYearMonth(); month = month.PlusMonths(1))
        {
            var before = month.PlusMonths(-12);
            if (await IsUnsettledAsync(month, ct) || await IsUnsettledAsync(before, ct)) continue;
            List<DayTotal> totals = [.. await TotalsAsync(month, ct), .. await TotalsAsync(before, ct)];
            List<HourlyTemperature> weather = [.. await WeatherAsync(month, snapshot.Calendar, ct), .. await WeatherAsync(before, snapshot.Calendar, ct)];
            var drafts = MonthlyReports.Of(month, snapshot.Households, totals, weather, snapshot.Calendar)
                .Where(r => r.Energy.ImportWh is not null)
                .Select(r => new ReportDraft(HouseholdId.Parse(r.Household), month, r.ToJson()));
            stored += await reports.StoreAsync([.. drafts], ct);
        }

        return stored;
    }

    private static bool IsClosed(YearMonth month, LocalDate today) => month.ToDateInterval().End < today;

    private async Task<bool> IsUnsettledAsync(YearMonth month, CancellationToken ct)
    {
        var interval = month.ToDateInterval();
        return await days.AnyTouchedAsync(interval.Start, interval.End.PlusDays(1), ct);
    }

    private Task<IReadOnlyList<DayTotal>> TotalsAsync(YearMonth month, CancellationToken ct)
    {
        var interval = month.ToDateInterval();
        return days.TotalsAsync(interval.Start, interval.End.PlusDays(1), ct);
    }

    private Task<IReadOnlyList<HourlyTemperature>> WeatherAsync(YearMonth month, LocalCalendar calendar, CancellationToken ct)
    {
        var interval = month.ToDateInterval();
        return temperatures.ReadAsync(calendar.StartOf(interval.Start), calendar.StartOf(interval.End.PlusDays(1)), ct);
    }
}
