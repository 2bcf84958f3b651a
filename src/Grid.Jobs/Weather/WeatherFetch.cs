using Grid.Domain;
using Microsoft.Extensions.Logging;

namespace Grid.Jobs;

/// <summary>Keeps the neighbourhood's temperatures complete: the days that lack hours, from the first day of consumption on, and the next days' forecast.</summary>
public sealed partial class WeatherFetch(IEnumerable<IWeatherSource> sources, ITemperatures temperatures, IHouseholdDays days, TimeProvider clock, ILogger<WeatherFetch> logger)
{
    private const int ForecastDays = 2;
    private const int MostDaysAtOnce = 366;
    private const int HoursADay = 24;

    /// <returns>How many hours came.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        if (sources.FirstOrDefault() is not { } source || await days.SpanAsync(ct) is not var (first, _)) return 0;
        var today = Instant.FromDateTimeOffset(clock.GetUtcNow()).InUtc().Date;
        var fetched = 0;
        foreach (var (from, to) in await MissingAsync(first.PlusDays(-1), today, ct))
        {
            try
            {
                var hours = await source.HoursAsync(from, to, ct);
                await temperatures.StoreAsync(hours, ct);
                fetched += hours.Count;
            }
            catch (WeatherUnavailableException unavailable)
            {
                Log.Unavailable(logger, unavailable.Message);
                break; // the next turn asks again
            }
        }

        return fetched;
    }

    /// <summary>First the last days, whose forecast turns into what was, and the next ones; then runs of days that lack an hour.</summary>
    private async Task<List<(LocalDate From, LocalDate To)>> MissingAsync(LocalDate first, LocalDate today, CancellationToken ct)
    {
        var hours = await temperatures.ReadAsync(AtMidnight(first), AtMidnight(today.PlusDays(ForecastDays + 1)), ct);
        var known = hours.CountBy(h => h.Hour.InUtc().Date).ToDictionary();
        // What was last stored before a silence was a forecast, and stays one however long ago that is.
        var recent = LocalDate.Max(first, LocalDate.Min(today.PlusDays(-OpenMeteo.ArchiveDelayDays), hours.Count > 0 ? hours[^1].Hour.InUtc().Date.PlusDays(-ForecastDays) : today));
        List<(LocalDate From, LocalDate To)> runs = [(recent, today.PlusDays(ForecastDays))];
        for (var day = first; day < recent; day = day.PlusDays(1))
        {
            if (known.GetValueOrDefault(day) >= HoursADay) continue;
            if (runs is [_, .., var (from, to)] && to.PlusDays(1) == day && Period.DaysBetween(from, day) < MostDaysAtOnce) runs[^1] = (from, day);
            else runs.Add((day, day));
        }

        return runs;
    }

    private static Instant AtMidnight(LocalDate day) => day.AtMidnight().InUtc().ToInstant();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No temperatures: {Why} Savings and reports wait for them; Grid asks again within the hour.")]
        public static partial void Unavailable(ILogger logger, string why);
    }
}
