using System.Net;
using Grid.IntegrationTests.Servers;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>What an operator sees of ingest's connection to an external broker.</summary>
public class BrokerLinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ingest_that_is_cut_off_from_its_broker_is_not_ready_and_counts_as_not_connected_until_it_is_back()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        await using var grid = Node(mosquitto, "grid-ingest-1");
        await grid.StartAsync();
        (await grid.MetricAsync("grid_broker_connected{")).Should().Be(1);

        await mosquitto.StopAsync();

        await Eventually.BecomesTrueAsync("it says so", Patience, async _ => (await ReadyAsync(grid)).Status is HttpStatusCode.ServiceUnavailable, Stop);
        (await ReadyAsync(grid)).Body.Should().Contain($"cut off from the broker at 127.0.0.1:{mosquitto.Port}").And.Contain("Grid:Broker");
        await Eventually.BecomesTrueAsync("it counts so", Patience, async _ => await grid.MetricAsync("grid_broker_connected{") == 0, Stop); // what is scraped is kept for a moment
        await mosquitto.StartAsync();
        await Eventually.BecomesTrueAsync("it is back", Patience, async _ => (await ReadyAsync(grid)).Status is HttpStatusCode.OK && await grid.MetricAsync("grid_broker_connected{") == 1, Stop);
    }

    [Fact]
    public async Task Ingest_that_its_broker_refuses_is_not_ready_and_says_why()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        await using var grid = Node(mosquitto, "grid-ingest-1", password: "wrong");

        grid.Launch();

        await Eventually.BecomesTrueAsync("it says why", Patience, async _ => (await ReadyAsync(grid)).Body.Contains("NotAuthorized", StringComparison.Ordinal), Stop);
        (await ReadyAsync(grid)).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Two_nodes_with_one_ClientId_are_told_that_they_throw_each_other_out()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        await using var first = Node(mosquitto, "grid-ingest-7");
        await using var second = Node(mosquitto, "grid-ingest-7");
        await first.StartAsync();

        second.Launch();

        await Eventually.BecomesTrueAsync("the first says it", Patience, _ => Task.FromResult(first.Said.Contains("'grid-ingest-7'", StringComparison.Ordinal)), Stop);
        first.Said.Should().Contain("throw each other out");
    }

    private static ServedGrid Node(OwnMosquitto mosquitto, string clientId, string? password = null) => new(
        ("Roles", "ingest"), ("Broker__Kind", "External"), ("Broker__Port", $"{mosquitto.Port}"), ("Broker__ClientId", clientId),
        ("Broker__User", mosquitto.IngestUser), ("Broker__Password", password ?? mosquitto.IngestPassword));

    private static async Task<(HttpStatusCode? Status, string Body)> ReadyAsync(ServedGrid grid)
    {
        using HttpClient http = new() { BaseAddress = grid.Url };
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), Stop);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
        }
        catch (HttpRequestException)
        {
            return (null, ""); // it does not listen yet
        }
    }
}
