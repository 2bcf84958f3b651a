using System.Net;
using Grid.Domain;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

/// <summary>What operators read about gateways that do not do as they should.</summary>
public sealed class GatewayReportsTests : IAsyncLifetime
{
    private const string Day = "from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z";
    private const string StillMissing = """{"gateway":"gw-1","epoch":7,"from":3,"to":5,"noticedAt":"2026-11-24T13:20:00Z","end":null,"endedAt":null}""";
    private const string GivenUp = """{"gateway":"gw-2","epoch":1,"from":9,"to":9,"noticedAt":"2026-11-24T13:20:00Z","end":"lost","endedAt":"2026-11-24T13:25:00Z"}""";

    private static readonly Instant Noticed = Instant.FromUtc(2026, 11, 24, 13, 20);

    private RunningPortal _portal = null!;
    private HttpClient _operators = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _portal = await RunningPortal.Start(Instant.FromUtc(2026, 11, 24, 14, 42));
        await _portal.AddAccount("operator@example.org", Roles.Operator);
        _operators = await _portal.SignedIn("operator@example.org");
        _portal.Ports.Gaps.Add(new(GatewayName.Parse("gw-1"), 7, new(3, 5), Noticed));
        _portal.Ports.Gaps.Add(new(GatewayName.Parse("gw-2"), 1, new(9, 9), Noticed, GapEnd.Lost, Noticed + Duration.FromMinutes(5)));
        _portal.Ports.Gaps.Add(new(GatewayName.Parse("gw-3"), 1, new(1, 1), Noticed + Duration.FromDays(1), GapEnd.Filled, Noticed + Duration.FromDays(1)));
    }

    public async ValueTask DisposeAsync()
    {
        _operators.Dispose();
        await _portal.DisposeAsync();
    }

    [Theory]
    [InlineData("", new[] { StillMissing, GivenUp })]
    [InlineData("&open=true", new[] { StillMissing })]
    [InlineData("&open=false", new[] { GivenUp })]
    public async Task Gaps_are_read_as_lines_all_of_them_or_the_open_or_the_ended(string only, string[] lines)
    {
        using var answer = await _operators.GetAsync($"/api/v1/gaps?{Day}{only}", Ct);

        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
        (await answer.Content.ReadAsStringAsync(Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal(lines);
    }

    [Theory]
    [InlineData("/api/v1/gaps", "'from' is a UTC instant")]
    [InlineData($"/api/v1/gaps?{Day}&open=yes", "'open' is one of true, false")]
    [InlineData("/api/v1/gaps?from=2025-01-01T00:00:00Z&to=2026-11-25T00:00:00Z", "'to' is at most 400 days after 'from'")]
    public async Task A_question_about_gaps_that_makes_no_sense_is_answered_by_what_would(string address, string expected)
    {
        using var answer = await _operators.GetAsync(address, Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        System.Text.RegularExpressions.Regex.Unescape(await answer.Content.ReadAsStringAsync(Ct)).Should().Contain(expected);
    }

    [Fact]
    public async Task Clock_skews_are_read_as_lines_the_latest_word_on_each_gateway()
    {
        _portal.Ports.Skews.Add(new(GatewayName.Parse("gw-1"), -90_000, Noticed));
        _portal.Ports.Skews.Add(new(GatewayName.Parse("gw-2"), 400_000, Noticed, Noticed + Duration.FromMinutes(5)));

        (await _operators.GetStringAsync("/api/v1/clock-skews", Ct)).Should().Be(
            """
            {"gateway":"gw-1","aheadMs":-90000,"noticedAt":"2026-11-24T13:20:00Z","endedAt":null}
            {"gateway":"gw-2","aheadMs":400000,"noticedAt":"2026-11-24T13:20:00Z","endedAt":"2026-11-24T13:25:00Z"}

            """);
    }

    [Fact]
    public async Task The_operators_page_leads_to_both()
    {
        var page = await _operators.GetStringAsync("/", Ct);

        page.Should().Contain("/api/v1/gaps?from=2026-11-23T00:00:00Z").And.Contain("href=\"/api/v1/clock-skews\"");
    }
}
