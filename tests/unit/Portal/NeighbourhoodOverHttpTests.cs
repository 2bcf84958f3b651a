using System.Net;
using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

public sealed class NeighbourhoodOverHttpTests : IAsyncLifetime
{
    private static readonly YearMonth October = new(2026, 10);
    private RunningPortal _portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _portal = await RunningPortal.Start(Instant.FromUtc(2026, 11, 24, 14, 42));
        var resident = await _portal.AddAccount("resident@example.org", Roles.Resident);
        await _portal.AddAccount("operator@example.org", Roles.Operator);
        _portal.Ports.Tenancies.Add(AHome.LivedInBy(resident, new(2026, 1, 1)));
        NeighbourhoodMonth month = new("2026-10", new(45, 9_000_000, 200_000, null), [new("Bâtiment A", new(0, null, null, Suppression.TooFewHomes.Name()))]);
        _portal.Ports.Reports.Add(new(NeighbourhoodMonth.Key(October), 1, Instant.FromUtc(2026, 11, 1, 4, 0), month.ToJson(), null));
    }

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Theory]
    [InlineData("resident@example.org")]
    [InlineData("operator@example.org")]
    public async Task Whoever_signs_in_is_told_the_same_and_of_what_is_hidden_only_why(string email)
    {
        using var browser = await _portal.SignedIn(email);

        var answer = JsonDocument.Parse(await browser.GetStringAsync("/api/v1/neighbourhood/consumption?from=2026-10&to=2026-12", Ct)).RootElement;

        answer.GetProperty("timeZone").GetString().Should().Be("Europe/Paris");
        var months = answer.GetProperty("months").EnumerateArray().ToList();
        months.Select(m => m.GetProperty("month").GetString()).Should().Equal("2026-10", "2026-11");
        months[0].GetProperty("neighbourhood").GetRawText().Should().Be("""{"homes":45,"importWh":9000000,"meanWhPerHome":200000,"hidden":null}""");
        months[0].GetProperty("buildings").GetRawText().Should().Contain("""{"homes":0,"importWh":null,"meanWhPerHome":null,"hidden":"too-few-homes"}""");
        months[1].GetProperty("neighbourhood").GetRawText().Should().Be("""{"homes":0,"importWh":null,"meanWhPerHome":null,"hidden":"not-yet"}""");
    }

    [Fact]
    public async Task Nobody_is_told_without_signing_in()
    {
        using var browser = _portal.Browser();
        foreach (var address in (string[])["/api/v1/neighbourhood/consumption?from=2026-10&to=2026-11", "/api/v1/neighbourhood/forecast"])
        {
            using var answer = await browser.GetAsync(address, Ct);
            answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }
    }

    [Theory]
    [InlineData("", "from")]
    [InlineData("?from=2026-10-01&to=2026-12", "from")]
    [InlineData("?from=9999-12&to=9999-12", "from")]
    [InlineData("?from=2026-10&to=2026-13", "to")]
    [InlineData("?from=2026-10&to=2026-10", "to")]
    [InlineData("?from=2020-01&to=2025-02", "to")]
    [InlineData("?from=2026-10&from=2026-09&to=2026-11", "from")]
    public async Task A_bad_span_is_refused_by_the_name_of_what_is_wrong(string query, string name)
    {
        using var browser = await _portal.SignedIn("resident@example.org");

        using var answer = await browser.GetAsync("/api/v1/neighbourhood/consumption" + query, Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("errors").TryGetProperty(name, out _).Should().BeTrue();
    }

    [Fact]
    public async Task Five_years_are_answered()
    {
        using var browser = await _portal.SignedIn("operator@example.org");

        var answer = JsonDocument.Parse(await browser.GetStringAsync("/api/v1/neighbourhood/consumption?from=2022-01&to=2027-01", Ct)).RootElement;

        answer.GetProperty("months").GetArrayLength().Should().Be(60);
    }

    [Theory]
    [InlineData("en", "Too few homes have enough data")]
    [InlineData("fr", "Trop peu de logements ont assez de")]
    public async Task A_forecast_of_the_neighbourhood_that_is_hidden_says_why_on_the_page_and_in_the_api(string language, string why)
    {
        var hidden = new NextDay(null, "2026-11-25", null, null, null, null, null).ForEverybody(Suppression.TooFewHomes, null);
        _portal.Ports.Reports.Add(new(NextDay.Key(null, new(2026, 11, 25)), 1, Instant.FromUtc(2026, 11, 24, 4, 0), hidden.ToJson(), null));
        using var browser = await _portal.SignedIn("resident@example.org");
        browser.DefaultRequestHeaders.Add("Accept-Language", language);

        (await browser.GetStringAsync("/households/h-0042", Ct)).Should().Contain(why);
        (await browser.GetStringAsync("/api/v1/neighbourhood/forecast", Ct)).Should().Contain("\"loadWh\":null").And.Contain("\"hidden\":\"too-few-homes\"");
    }

    [Fact]
    public async Task A_forecast_of_the_neighbourhood_that_is_told_stands_on_the_page()
    {
        NextDay told = new(null, "2026-11-25", null, [.. Enumerable.Repeat(50_000L, 48)], new(14, 0.1, 0.04, 0.2, 0.2), null, null);
        _portal.Ports.Reports.Add(new(NextDay.Key(null, new(2026, 11, 25)), 1, Instant.FromUtc(2026, 11, 24, 4, 0), told.ForEverybody(null, null).ToJson(), null));
        using var browser = await _portal.SignedIn("resident@example.org");
        browser.DefaultRequestHeaders.Add("Accept-Language", "en");

        (await browser.GetStringAsync("/households/h-0042", Ct)).Should().Contain("The whole neighbourhood tomorrow").And.Contain("kWh");
    }

    [Fact]
    public async Task Without_a_forecast_there_is_none()
    {
        using var browser = await _portal.SignedIn("operator@example.org");

        using var answer = await browser.GetAsync("/api/v1/neighbourhood/forecast", Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }
}
