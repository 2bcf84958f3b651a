using System.Text.Json;
using Grid.Domain;
using Grid.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NodaTime.Text;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Open-Meteo's two addresses, replayed on loopback in its own format.</summary>
public sealed class OpenMeteoTests : IAsyncLifetime
{
    private static readonly LocalDate Today = new(2026, 4, 2);

    private readonly FakeTimeProvider _clock = new(Today.AtMidnight().InUtc().ToDateTimeOffset().AddHours(10));
    private readonly List<(string Kind, LocalDate First, LocalDate Last)> _asked = [];
    private WebApplication _standIn = null!;
    private Func<IResult?> _instead = () => null;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OpenMeteo Source => new(new HttpClient(), Options, _clock);

    private WeatherOptions Options => new()
    {
        Source = WeatherSource.OpenMeteo, Latitude = 48.824, Longitude = 2.27, ArchiveUrl = _standIn.Urls.First() + "/v1/archive", ForecastUrl = _standIn.Urls.First() + "/v1/forecast",
    };

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _standIn = builder.Build();
        _standIn.MapGet("/v1/{kind}", (string kind, HttpRequest request) => _instead() ?? Answer(kind, request.Query));
        await _standIn.StartAsync(Stop);
    }

    public ValueTask DisposeAsync() => _standIn.DisposeAsync();

    [Fact]
    public async Task Days_that_are_over_for_long_come_from_the_archive_and_the_last_and_next_ones_from_the_forecast()
    {
        var hours = await Source.HoursAsync(Today.PlusDays(-10), Today.PlusDays(2), Stop);

        _asked.Should().Equal(("archive", Today.PlusDays(-10), Today.PlusDays(-7)), ("forecast", Today.PlusDays(-6), Today.PlusDays(2)));
        hours.Should().HaveCount((13 * 24) - 1, "one hour is null");
        hours[0].Should().Be(new HourlyTemperature(Today.PlusDays(-10).AtMidnight().InUtc().ToInstant() + Duration.FromHours(1), 1.5));
    }

    [Theory]
    [InlineData("""{"error":true,"reason":"Parameter 'start_date' is out of allowed range"}""", 400, "*127.0.0.1 answers 400: Parameter 'start_date' is out of allowed range*")]
    [InlineData("<html>", 200, "*gives no temperatures*")]
    [InlineData("""{"hourly":{"time":["2026-01-01T00:00"]}}""", 200, "*gives no temperatures*")]
    [InlineData("""{"hourly":{"time":["2026-01-01T00:00"],"temperature_2m":[]}}""", 200, "*another number of hours*")]
    [InlineData("""{"hourly":{"time":["yesterday"],"temperature_2m":[7]}}""", 200, "*gives no temperatures*")]
    [InlineData("""{"hourly":{"time":["2026-01-01T00:00"],"temperature_2m":[451]}}""", 200, "*451 °C are nowhere*")]
    public async Task An_answer_in_another_format_is_told_in_a_sentence(string body, int status, string sentence)
    {
        _instead = () => Results.Text(body, "application/json", statusCode: status);

        var act = () => Source.HoursAsync(Today, Today, Stop);

        await act.Should().ThrowAsync<WeatherUnavailableException>().WithMessage(sentence);
    }

    [Fact]
    public async Task Nobody_there_is_told_too()
    {
        var options = Options;
        options.ForecastUrl = "http://127.0.0.1:1/v1/forecast";

        var act = () => new OpenMeteo(new HttpClient(), options, _clock).HoursAsync(Today, Today, Stop);

        await act.Should().ThrowAsync<WeatherUnavailableException>();
    }

    [Fact]
    public async Task The_last_and_next_days_are_fetched_first_each_time_and_what_is_missing_once()
    {
        await using var bench = await PeriodsBench.StartAsync();
        await bench.FillAsync();
        var (fetch, temperatures) = (Fetch(bench), bench.Get<ITemperatures>());

        await fetch.RunOnceAsync(Stop);

        // The bench has all hours of its local days: what lacks is the evening before the first.
        _asked.Should().Equal(("forecast", Today.PlusDays(-6), Today.PlusDays(2)), ("archive", PeriodsBench.First.PlusDays(-1), PeriodsBench.First.PlusDays(-1)));
        (await temperatures.ReadAsync(Midnight(Today.PlusDays(1)), Midnight(Today.PlusDays(3)), Stop)).Should().HaveCount(48);
    }

    [Fact]
    public async Task After_a_silence_what_was_a_forecast_is_fetched_again()
    {
        await using var bench = await PeriodsBench.StartAsync();
        await bench.FillAsync();
        await Fetch(bench).RunOnceAsync(Stop);
        _asked.Clear();
        _clock.Advance(TimeSpan.FromDays(30));

        await Fetch(bench).RunOnceAsync(Stop);

        _asked.Should().StartWith(("archive", Today, Today.PlusDays(23)));
        _asked.Should().Contain(("forecast", Today.PlusDays(24), Today.PlusDays(32)));
    }

    [Fact]
    public async Task Without_a_source_nothing_is_fetched()
    {
        await using var bench = await PeriodsBench.StartAsync();
        await bench.FillAsync();

        (await new WeatherFetch([], bench.Get<ITemperatures>(), bench.Get<IHouseholdDays>(), _clock, NullLogger<WeatherFetch>.Instance).RunOnceAsync(Stop)).Should().Be(0);
    }

    private WeatherFetch Fetch(PeriodsBench bench) => new([Source], bench.Get<ITemperatures>(), bench.Get<IHouseholdDays>(), _clock, NullLogger<WeatherFetch>.Instance);

    private static Instant Midnight(LocalDate day) => day.AtMidnight().InUtc().ToInstant();

    // As the service answers: times in GMT without an offset, and null for what it does not know.
    private IResult Answer(string kind, IQueryCollection query)
    {
        query["hourly"].ToString().Should().Be("temperature_2m");
        (query["latitude"].ToString(), query["longitude"].ToString(), query["timezone"].ToString()).Should().Be(("48.82", "2.27", "GMT"));
        var (first, last) = (LocalDatePattern.Iso.Parse(query["start_date"]!).Value, LocalDatePattern.Iso.Parse(query["end_date"]!).Value);
        _asked.Add((kind, first, last));
        var hours = Enumerable.Range(0, 24 * (Period.DaysBetween(first, last) + 1)).ToList();
        return Results.Text(JsonSerializer.Serialize(new
        {
            latitude = 48.82,
            hourly_units = new { time = "iso8601", temperature_2m = "°C" },
            hourly = new
            {
                time = hours.Select(h => (first.AtMidnight() + Period.FromHours(h)).ToString("uuuu-MM-dd'T'HH:mm", null)),
                temperature_2m = hours.Select(h => h == 0 && kind == "archive" ? null : (double?)(h % 24 * 0.5) + 1),
            },
        }), "application/json");
    }
}
