using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

/// <summary>What the portal says when it cannot do as it was asked, and what it says of itself.</summary>
public sealed class AnswersTests : IAsyncLifetime
{
    private const string Day = "from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z";

    private RunningPortal _portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _portal = await RunningPortal.Start(Instant.FromUtc(2026, 11, 24, 14, 42));
        var resident = await _portal.AddAccount("resident@example.org", Roles.Resident);
        await _portal.AddAccount("operator@example.org", Roles.Operator);
        _portal.Ports.Tenancies.Add(AHome.LivedInBy(resident, new(2026, 11, 10)));
        _portal.Ports.Days.Add(AHome.Day(new(2026, 11, 20), i => i == 3 ? null : 100));
        _portal.Ports.Days.Add(AHome.Day(new(2026, 11, 21), 100));
    }

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Theory]
    [InlineData(null, "/api/v1/households", 401, "POST /api/v1/session")]
    [InlineData("resident@example.org", "/api/v1/readings?meter=issy-0042&" + Day, 403, "'operator'")]
    [InlineData("operator@example.org", "/api/v1/households", 403, "'resident'")]
    [InlineData("operator@example.org", "/api/v1/readings?meter=issy-9999&" + Day, 404, "'meter'")]
    [InlineData("operator@example.org", "/api/v1/quarantine?from=2026-11-23T00:00:00Z&" + Day, 400, "'from' must stand once.")]
    [InlineData("operator@example.org", "/api/v1/readings?meter=issy-0042&meter=issy-0042&" + Day, 400, "'meter' must stand once.")]
    [InlineData("resident@example.org", "/api/v1/households/h-0042/consumption?from=2026-11-20&to=2026-11-21&granularity=day&granularity=day", 400, "'granularity' must stand once.")]
    public async Task A_problem_tells_what_to_do_about_it(string? email, string address, int status, string told)
    {
        using var browser = email is null ? _portal.Browser() : await _portal.SignedIn(email);

        using var answer = await browser.GetAsync(address, Ct);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);

        ((int)answer.StatusCode).Should().Be(status);
        problem.GetProperty("detail").GetString().Should().Contain(told);
    }

    [Theory]
    [InlineData(null, "/sign-in", HttpStatusCode.OK)]
    [InlineData(null, "/", HttpStatusCode.Redirect)]
    [InlineData("operator@example.org", "/", HttpStatusCode.OK)]
    [InlineData("resident@example.org", "/households/h-0042", HttpStatusCode.OK)]
    [InlineData("resident@example.org", "/not-there", HttpStatusCode.NotFound)]
    public async Task A_page_answers_head_as_get_without_its_body(string? email, string address, HttpStatusCode status)
    {
        using var browser = email is null ? _portal.Browser() : await _portal.SignedIn(email);
        using HttpRequestMessage request = new(HttpMethod.Head, address);

        using var head = await browser.SendAsync(request, Ct);
        using var get = await browser.GetAsync(address, Ct);

        head.StatusCode.Should().Be(status).And.Be(get.StatusCode);
        head.Content.Headers.ContentType.Should().Be(get.Content.Headers.ContentType);
        (await head.Content.ReadAsByteArrayAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task The_operators_page_has_its_title_and_leads_to_a_meter_that_there_is()
    {
        using var browser = await _portal.SignedIn("operator@example.org");

        var page = await browser.GetStringAsync("/", Ct);
        using var example = await browser.GetAsync("/api/v1/readings?meter=issy-0042&from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z", Ct);

        page.Should().Contain("<title>Operations · Grid</title>")
            .And.Contain("href=\"/api/v1/readings?meter=issy-0042&amp;from=2026-11-23T00:00:00Z&amp;to=2026-11-24T00:00:00Z\"");
        example.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("2026-11-20", "mesurés", "au total")]
    [InlineData("2026-11-21", "au total", "mesurés")]
    public async Task A_sum_with_gaps_is_not_called_a_total(string date, string said, string notSaid)
    {
        using var browser = await _portal.SignedIn("resident@example.org");
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");

        var page = WebUtility.HtmlDecode(await browser.GetStringAsync("/households/h-0042/usage?view=day&date=" + date, Ct));

        page.Should().Contain($"<span>{said}</span>").And.NotContain($"<span>{notSaid}</span>").And.Contain("<title>Consommation, ").And.NotContain("<title>Consommation, V");
    }

    [Fact]
    public async Task The_openapi_document_tells_what_is_required_and_what_can_go_wrong()
    {
        using var browser = _portal.Browser();

        var paths = (await browser.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Ct)).GetProperty("paths");

        Required(paths, "/api/v1/readings").Should().BeEquivalentTo("meter", "from", "to");
        Required(paths, "/api/v1/quarantine").Should().BeEquivalentTo("from", "to");
        Required(paths, "/api/v1/households/{id}/consumption").Should().BeEquivalentTo("id", "from", "to", "granularity");
        Statuses(paths, "/api/v1/readings").Should().BeEquivalentTo("200", "400", "401", "403", "404");
        Statuses(paths, "/api/v1/quarantine").Should().BeEquivalentTo("200", "400", "401", "403");
        Statuses(paths, "/api/v1/households").Should().BeEquivalentTo("200", "401", "403");
        Statuses(paths, "/api/v1/households/{id}/consumption").Should().BeEquivalentTo("200", "400", "401", "403", "404");
        Statuses(paths, "/api/v1/households/{id}/reports").Should().BeEquivalentTo("200", "401", "403", "404");
        Statuses(paths, "/api/v1/households/{id}/reports/{month}").Should().BeEquivalentTo("200", "400", "401", "403", "404");
        Statuses(paths, "/api/v1/session", "post").Should().BeEquivalentTo("204", "400", "401");
        Statuses(paths, "/api/v1/session", "delete").Should().BeEquivalentTo("204", "401");
    }

    private static IEnumerable<string> Required(JsonElement paths, string path) =>
        paths.GetProperty(path).GetProperty("get").GetProperty("parameters").EnumerateArray()
            .Where(p => p.TryGetProperty("required", out var required) && required.GetBoolean()).Select(p => p.GetProperty("name").GetString()!);

    private static IEnumerable<string> Statuses(JsonElement paths, string path, string method = "get") =>
        paths.GetProperty(path).GetProperty(method).GetProperty("responses").EnumerateObject().Select(r => r.Name);
}
