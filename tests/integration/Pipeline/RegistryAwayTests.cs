using System.Globalization;
using System.Net.Sockets;
using Grid.Domain;
using Grid.IntegrationTests.Servers;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Meters go on measuring while PostgreSQL is down, and so does a node that is started then.</summary>
public sealed class RegistryAwayTests : IDisposable
{
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("grid-away-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_with_every_role_starts_from_its_copy_of_the_registry_and_lets_gateways_in()
    {
        await using var postgres = await RealPostgres.StartAsync();
        await using (var once = Served(postgres.ConnectionString))
        {
            await once.SetUpAsync(Homes.Behind(Homes.NewGateway(), ["m-away"]));
            await once.StartAsync();
            await Eventually.BecomesTrueAsync("the registry was copied", TimeToStart, _ => Task.FromResult(File.Exists(Path.Combine(_data.FullName, "registry-snapshot.json"))), Stop);
        }

        var (http, mqtt) = (new Uri($"http://127.0.0.1:{GridProcess.FreePort()}"), GridProcess.FreePort());
        await using var grid = GridProcess.Start(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Grid__DataDirectory"] = _data.FullName, ["Grid__Url"] = http.ToString(), ["Grid__Broker__Port"] = mqtt.ToString(CultureInfo.InvariantCulture),
            ["Grid__Registry__Kind"] = "PostgreSql", ["Grid__Registry__ConnectionString"] = "Host=127.0.0.1;Port=1;Database=grid;Username=grid;Timeout=2",
        });

        using var client = new HttpClient { BaseAddress = http };
        await Eventually.BecomesTrueAsync("Grid lived", TimeToStart, async ct =>
        {
            using var answer = await client.GetAsync(new Uri("/health/live", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode;
        }, Stop);
        using var gateway = new TcpClient();
        await gateway.ConnectAsync("127.0.0.1", mqtt, Stop);
        await Eventually.BecomesTrueAsync("the schedule was tried", TimeToStart, _ => Task.FromResult(grid.Output.Contains("no job runs yet", StringComparison.Ordinal)), Stop);
        grid.HasExited.Should().BeFalse();
    }

    public void Dispose() => _data.Delete(recursive: true);

    private ServedGrid Served(string connection) => new(("DataDirectory", _data.FullName), ("Registry__Kind", "PostgreSql"), ("Registry__ConnectionString", connection));
}
