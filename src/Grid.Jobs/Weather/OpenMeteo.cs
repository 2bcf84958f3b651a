using System.Globalization;
using System.Text.Json;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Jobs;

/// <summary>
/// Open-Meteo's public API, which needs no key: its archive for days that are over for long, its forecast for the last and the next ones. Its figure
/// for an hour is the temperature at that hour; it stands for the hour that starts there.
/// </summary>
public sealed class OpenMeteo(HttpClient http, WeatherOptions options, TimeProvider clock) : IWeatherSource
{
    /// <summary>The archive is complete a few days late.</summary>
    public const int ArchiveDelayDays = 6;

    private const int MostForecastDays = 15;

    private static readonly InstantPattern Hour = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    public async Task<IReadOnlyList<HourlyTemperature>> HoursAsync(LocalDate first, LocalDate last, CancellationToken ct)
    {
        var today = Instant.FromDateTimeOffset(clock.GetUtcNow()).InUtc().Date;
        var archived = today.PlusDays(-ArchiveDelayDays);
        last = LocalDate.Min(last, today.PlusDays(MostForecastDays));
        List<HourlyTemperature> hours = [];
        if (first < archived) hours.AddRange(await AskAsync(options.ArchiveUrl, first, LocalDate.Min(last, archived.PlusDays(-1)), ct));
        if (last >= archived) hours.AddRange(await AskAsync(options.ForecastUrl, LocalDate.Max(first, archived), last, ct));
        return hours;
    }

    private async Task<IReadOnlyList<HourlyTemperature>> AskAsync(string url, LocalDate first, LocalDate last, CancellationToken ct)
    {
        var address = string.Create(
            CultureInfo.InvariantCulture,
            $"{url}?latitude={options.Latitude:0.##}&longitude={options.Longitude:0.##}&hourly=temperature_2m&timezone=GMT&start_date={LocalDatePattern.Iso.Format(first)}&end_date={LocalDatePattern.Iso.Format(last)}");
        try
        {
            using var response = await http.GetAsync(new Uri(address), ct);
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            return response.IsSuccessStatusCode ? Read(body) : throw new WeatherUnavailableException($"{new Uri(url).Host} answers {(int)response.StatusCode}: {Reason(body)}");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or UnparsableValueException
            || (failure is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new WeatherUnavailableException($"{new Uri(url).Host} gives no temperatures: {failure.Message}", failure);
        }
    }

    private static List<HourlyTemperature> Read(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        var hourly = json.RootElement.GetProperty("hourly");
        var (times, celsius) = (hourly.GetProperty("time"), hourly.GetProperty("temperature_2m"));
        if (times.GetArrayLength() != celsius.GetArrayLength()) throw new JsonException("it tells another number of hours than of temperatures.");
        List<HourlyTemperature> hours = [];
        foreach (var (time, value) in times.EnumerateArray().Zip(celsius.EnumerateArray()))
        {
            if (value.ValueKind is JsonValueKind.Null) continue;
            var degrees = value.GetDouble();
            if (degrees is < HourlyTemperature.LeastCelsius or > HourlyTemperature.MostCelsius) throw new JsonException($"{degrees} °C are nowhere.");
            hours.Add(new(Hour.Parse(time.GetString() ?? "").GetValueOrThrow(), degrees));
        }

        return hours;
    }

    private static string Reason(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("reason", out var reason) ? reason.GetString() ?? "no reason" : "no reason";
        }
        catch (JsonException)
        {
            return "no reason";
        }
    }
}
