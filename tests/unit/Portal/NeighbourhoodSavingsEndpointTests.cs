using System.Net;
using Grid.Analytics;
using Grid.Domain;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

public sealed class NeighbourhoodSavingsEndpointTests : IAsyncLifetime
{
    private RunningPortal _portal = null!;
    private HttpClient _operators = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _portal = await RunningPortal.Start(Instant.FromUtc(2026, 11, 24, 14, 42));
        await _portal.AddAccount("operator@example.org", Roles.Operator);
        _operators = await _portal.SignedIn("operator@example.org");
    }

    public async ValueTask DisposeAsync()
    {
        _operators.Dispose();
        await _portal.DisposeAsync();
    }

    [Fact]
    public async Task Operators_read_the_sum_with_a_coarse_number_of_homes()
    {
        Store(new("2026-10", 15, 5_400, 540, 169.5, Verdict.Saved, null));

        (await _operators.GetStringAsync("/api/v1/neighbourhood/savings?month=2026-10", Ct))
            .Should().Be("""{"month":"2026-10","homes":15,"expectedKwh":5400,"savedKwh":540,"bandKwh":169.5,"verdict":"saved","hidden":null}""");
    }

    [Fact]
    public async Task What_may_not_be_shown_is_answered_with_its_reason()
    {
        Store(new("2026-10", 0, null, null, null, Verdict.NotEnoughData, Suppression.TooFewHomes));

        (await _operators.GetStringAsync("/api/v1/neighbourhood/savings?month=2026-10", Ct))
            .Should().Be("""{"month":"2026-10","homes":null,"expectedKwh":null,"savedKwh":null,"bandKwh":null,"verdict":"not-enough-data","hidden":"too-few-homes"}""");
    }

    [Fact]
    public async Task Nobody_else_reads_it_and_a_month_without_it_is_not_found()
    {
        await _portal.AddAccount("anna@example.org", Roles.Resident);
        using var resident = await _portal.SignedIn("anna@example.org");

        (await StatusAsync(resident, "2026-10")).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync(_operators, "2026-10")).Should().Be(HttpStatusCode.NotFound);
        (await StatusAsync(_operators, "October")).Should().Be(HttpStatusCode.BadRequest);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string month)
    {
        using var answer = await client.GetAsync("/api/v1/neighbourhood/savings?month=" + month, Ct);
        return answer.StatusCode;
    }

    private void Store(NeighbourhoodSavings sum) => _portal.Ports.Reports.Add(new(NeighbourhoodSavings.Key(new(2026, 10)), 1, default, sum.ToJson(), null));
}
