using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grid.Domain;
using Grid.Portal;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.UnitTests.Portal;

public sealed class PortalOverHttpTests : IAsyncLifetime
{
    private RunningPortal _portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _portal = await RunningPortal.Start(Instant.FromUtc(2026, 11, 24, 14, 42));
        var resident = await _portal.AddAccount("resident@example.org", Roles.Resident);
        await _portal.AddAccount("operator@example.org", Roles.Operator);
        _portal.Ports.Tenancies.Add(AHome.LivedInBy(resident, new(2026, 11, 10)));
        _portal.Ports.Days.Add(AHome.Day(new(2026, 11, 9), 100));
        _portal.Ports.Days.Add(AHome.Day(new(2026, 11, 10), 100));
        _portal.Ports.Days.Add(AHome.Day(new(2026, 11, 24), i => i < 20 ? 100 : null));
    }

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public void Only_these_addresses_are_open_to_everybody()
    {
        var open = _portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')).ToHashSet(StringComparer.Ordinal);

        open.Should().BeEquivalentTo("/sign-in", "/error/{Status:int}", "/language/{language}", "/openapi/{documentName}.json", "/api/v1/session");
    }

    [Theory]
    [InlineData("/api/v1/households")]
    [InlineData("/api/v1/households/h-0042/consumption")]
    [InlineData("/api/v1/readings")]
    [InlineData("/api/v1/gaps")]
    [InlineData("/api/v1/clock-skews")]
    [InlineData("/api/v1/neighbourhood/savings?month=2026-10")]
    [InlineData("/api/v1/not-there")]
    public async Task A_program_that_is_not_signed_in_gets_401_as_a_problem(string address)
    {
        using var browser = _portal.Browser();

        using var answer = await browser.GetAsync(address, Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/households/h-0042")]
    [InlineData("/not-there")]
    public async Task A_person_who_is_not_signed_in_gets_the_form(string address)
    {
        using var browser = _portal.Browser();

        using var answer = await browser.GetAsync(address, Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        answer.Headers.Location!.PathAndQuery.Should().Be("/sign-in?returnUrl=" + Uri.EscapeDataString(address));
    }

    [Theory]
    [InlineData("resident@example.org")]
    [InlineData("nobody@example.org")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_refusal_is_the_same_for_accounts_that_exist_and_that_do_not(string? email)
    {
        using var browser = _portal.Browser();
        var asked = TimeProvider.System.GetTimestamp();

        using var answer = await browser.PostAsJsonAsync("/api/v1/session", new { email, password = "wrong" }, Ct);

        TimeProvider.System.GetElapsedTime(asked).Should().BeGreaterThan(SignIn.RefusalTime - TimeSpan.FromMilliseconds(20));
        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("detail").GetString().Should().StartWith("Email and password do not fit");
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_the_account_even_for_the_right_one()
    {
        using var browser = _portal.Browser();
        await _portal.FailedBefore("resident@example.org", 9);
        using var tenth = await browser.PostAsJsonAsync("/api/v1/session", new { email = "resident@example.org", password = "wrong" }, Ct);

        using var answer = await browser.PostAsJsonAsync("/api/v1/session", new { email = "resident@example.org", password = RunningPortal.Password }, Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_cookie_over_http_is_plain_and_closed_to_scripts()
    {
        using var browser = _portal.Browser();

        using var answer = await browser.PostAsJsonAsync("/api/v1/session", new { email = "resident@example.org", password = RunningPortal.Password }, Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.NoContent);
        answer.Headers.GetValues("Set-Cookie").Should().ContainSingle().Which.Should().StartWith("grid=").And.EndWith("path=/; samesite=lax; httponly");
    }

    [Fact]
    public async Task Behind_a_proxy_on_this_machine_that_speaks_https_the_cookie_is_secure()
    {
        using var browser = _portal.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        using var answer = await browser.PostAsJsonAsync("/api/v1/session", new { email = "resident@example.org", password = RunningPortal.Password }, Ct);

        answer.Headers.GetValues("Set-Cookie").Should().ContainSingle().Which.Should().StartWith("__Host-grid=").And.Contain("; secure;");
    }

    [Fact]
    public async Task Days_outside_the_tenancy_are_unknown_and_ranges_outside_it_not_found()
    {
        using var browser = await _portal.SignedIn("resident@example.org");

        var answer = await browser.GetFromJsonAsync<JsonElement>("/api/v1/households/h-0042/consumption?from=2026-11-09&to=2026-11-11&granularity=day", Ct);
        using var outside = await browser.GetAsync("/api/v1/households/h-0042/consumption?from=2026-11-01&to=2026-11-10&granularity=day", Ct);

        answer.GetProperty("values").EnumerateArray().Select(v => v.GetProperty("quality").GetString()).Should().Equal("unknown", "measured");
        outside.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/households/h-0001", HttpStatusCode.NotFound)]
    [InlineData("/households/h-0001/usage", HttpStatusCode.NotFound)]
    [InlineData("/households/h-0042/reports/2026-10", HttpStatusCode.NotFound)]
    [InlineData("/not-there", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/households/h-0001/consumption?from=2026-11-09&to=2026-11-11&granularity=day", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/households/h-0001/reports", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/readings?meter=m&from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z", HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/quarantine?from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z", HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/gaps?from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z", HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/clock-skews", HttpStatusCode.Forbidden)]
    public async Task What_a_resident_may_not_see_is_answered_in_kind(string address, HttpStatusCode status)
    {
        using var browser = await _portal.SignedIn("resident@example.org");

        using var answer = await browser.GetAsync(address, Ct);

        answer.StatusCode.Should().Be(status);
        var isApi = address.StartsWith("/api", StringComparison.Ordinal);
        answer.Content.Headers.ContentType!.MediaType.Should().Be(isApi ? "application/problem+json" : "text/html");
        (await answer.Content.ReadAsStringAsync(Ct)).Should().Contain(isApi ? "\"status\":" : "<h1>");
    }

    [Fact]
    public async Task Operators_read_readings_as_lines_named_as_on_the_wire()
    {
        _portal.Ports.Readings.Add(new(MeterName.Parse("issy-0042"), Instant.FromUtc(2026, 11, 24, 13, 20), new(10_234_567, 0, new([("hc", 4_100_200), ("hp", 6_134_367)])), 1480, 231.4));
        _portal.Ports.Readings.Add(new(MeterName.Parse("issy-0042"), Instant.FromUnixTimeMilliseconds(1_795_527_000_250), new(10_234_600)));
        using var browser = await _portal.SignedIn("operator@example.org");

        using var answer = await browser.GetAsync("/api/v1/readings?meter=issy-0042&from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z", Ct);

        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
        (await answer.Content.ReadAsStringAsync(Ct)).Should().Be(
            """
            {"meter":"issy-0042","at":"2026-11-24T13:20:00Z","importWh":10234567,"exportWh":0,"tariffWh":{"hc":4100200,"hp":6134367},"powerW":1480,"voltageV":231.4}
            {"meter":"issy-0042","at":"2026-11-24T13:30:00.25Z","importWh":10234600}

            """);
    }

    [Fact]
    public async Task What_an_operator_looks_at_is_noted_and_what_is_refused_is_not()
    {
        const string Day = "from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z";
        using var browser = await _portal.SignedIn("operator@example.org");
        using var resident = await _portal.SignedIn("resident@example.org");

        foreach (var path in (string[])["readings?meter=issy-0042&", "quarantine?", "readings?meter=issy-9999&", "quarantine?reason=bad&"]) (await browser.GetAsync("/api/v1/" + path + Day, Ct)).Dispose();
        (await resident.GetAsync("/api/v1/readings?meter=issy-0042&" + Day, Ct)).Dispose();

        Slot day = new(Instant.FromUtc(2026, 11, 24, 0, 0), Instant.FromUtc(2026, 11, 25, 0, 0));
        _portal.Ports.Accesses.Select(a => (a.What, a.Meter, a.Span)).Should().Equal(("readings", MeterName.Parse("issy-0042"), day), ("quarantine", null, day));
        _portal.Ports.Accesses.Select(a => a.Account).Distinct().Should().ContainSingle().Which.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Operators_read_the_quarantine_by_reason()
    {
        var received = Instant.FromUtc(2026, 11, 24, 13, 20);
        _portal.Ports.Quarantined.Add(new("1", received, GatewayName.Parse("gw-1"), "readings", null, null, Reason.Malformed, "no JSON", "ab", [1, 2, 3]));
        _portal.Ports.Quarantined.Add(new("2", received, GatewayName.Parse("gw-1"), "readings", MeterName.Parse("m-1"), received, Reason.Conflict, "other registers", "cd", []));
        using var browser = await _portal.SignedIn("operator@example.org");

        var all = await browser.GetFromJsonAsync<JsonElement>("/api/v1/quarantine?from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z", Ct);
        var conflicts = await browser.GetFromJsonAsync<JsonElement>("/api/v1/quarantine?from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z&reason=conflict", Ct);
        using var wrong = await browser.GetAsync("/api/v1/quarantine?from=2026-11-24&to=2026-11-25T00:00:00Z&reason=bad", Ct);

        all.GetArrayLength().Should().Be(2);
        all[0].GetProperty("body").GetBytesFromBase64().Should().Equal(1, 2, 3);
        all[0].GetProperty("id").GetString().Should().Be("1");
        all[0].GetProperty("replayedAt").ValueKind.Should().Be(JsonValueKind.Null);
        conflicts.EnumerateArray().Should().ContainSingle().Which.GetProperty("meter").GetString().Should().Be("m-1");
        wrong.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("fr-FR", "<html lang=\"fr\"", "Aujourd")]
    [InlineData("en-US", "<html lang=\"en\"", "Today")]
    public async Task A_page_speaks_the_readers_language_and_carries_nothing_inline(string language, string html, string word)
    {
        using var browser = await _portal.SignedIn("resident@example.org");
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);

        using var answer = await browser.GetAsync("/households/h-0042", Ct);
        var page = await answer.Content.ReadAsStringAsync(Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        page.Should().Contain(html).And.Contain(word).And.NotContain(" style=").And.NotContain("<style");
        Regex.Matches(page, "<script(?![^>]*(src=|application/json))", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Should().BeEmpty();
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().Be(SecurityHeaders.ContentSecurityPolicy).And.NotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").Single().Should().Be("nosniff");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task The_whole_api_is_in_the_openapi_document()
    {
        using var browser = _portal.Browser();

        var document = await browser.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Ct);

        document.GetProperty("paths").EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo(
            "/api/v1/session",
            "/api/v1/households",
            "/api/v1/households/{id}/consumption",
            "/api/v1/households/{id}/reports",
            "/api/v1/households/{id}/reports/{month}",
            "/api/v1/households/{id}/reports/{month}/versions",
            "/api/v1/households/{id}/forecast",
            "/api/v1/neighbourhood/consumption",
            "/api/v1/neighbourhood/forecast",
            "/api/v1/readings",
            "/api/v1/quarantine",
            "/api/v1/gaps",
            "/api/v1/clock-skews",
            "/api/v1/neighbourhood/savings");
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_with_a_page()
    {
        using var browser = await _portal.SignedIn("resident@example.org");

        using var answer = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([]), Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Ct)).Should().Contain("<h1>");
    }
}
