using System.Text;
using System.Text.Json;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.IntegrationTests.Servers;
using Grid.Wire;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>What was refused is sent through again with the operators' command, beside a running server.</summary>
public class ReplayedQuarantineTests
{
    private const string Known = "m-known";
    private const string Forgotten = "m-forgotten";

    [Fact]
    public async Task A_reading_of_a_meter_that_was_registered_too_late_is_stored_by_a_replay_and_a_second_replay_changes_nothing()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var grid = new ServedGrid();
        var gateway = Homes.NewGateway();
        var secrets = await grid.SetUpAsync(Homes.Behind(gateway, [Known]));
        await grid.StartAsync();
        var at = Instant.FromUnixTimeSeconds(Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds()) - Duration.FromHours(1);
        await using (var client = new GatewayClient(new(gateway, secrets[gateway.Value]) { Port = grid.MqttPort }, TimeProvider.System))
        {
            await client.ConnectAsync(ct);
            await client.PostAsync(TopicKind.Readings, Encoding.UTF8.GetBytes(
                $$"""{"epoch":1,"seq":1,"readings":[{"meter":"{{Forgotten}}","at":"{{UtcText.Format(at)}}","importWh":100},{"meter":"{{Known}}","at":"{{UtcText.Format(at)}}","importWh":7}]}"""), ct);
            await client.PostAsync(TopicKind.Readings, new byte[70_000], ct);
            await client.FlushAsync();
        }

        await SettledAsync(grid, 3, ct);
        (await grid.CommandAsync("quarantine", "list", "--reason", "unknown-meter")).Output.Should().Contain(Forgotten).And.Contain("1 item.");
        (await grid.CommandAsync("quarantine", "replay")).ExitCode.Should().Be(2, "everything is nothing that one asks for by mistake");
        (await grid.CommandAsync("registry", "import", grid.RegistryFile(Homes.Behind(gateway, [Known, Forgotten])))).ExitCode.Should().Be(0);

        (await ReplayAsync(grid, gateway, "--dry-run")).Should().Be((1, 1));
        (await grid.CommandAsync("quarantine", "list", "--gateway", gateway.Value)).Output.Should().NotContain("asked");
        (await ReplayAsync(grid, gateway)).Should().Be((1, 1), "of the message over 64 KiB only the beginning was kept");
        await SettledAsync(grid, 4, ct);

        using var operators = await grid.OperatorAsync();
        (await ServedGrid.StoredAsync(operators, Forgotten, at, at + Duration.FromHours(1))).Should().Equal(new Dictionary<Instant, long> { [at] = 100 });
        await ReplayedAsync(grid, ct);

        (await ReplayAsync(grid, gateway)).Should().Be((1, 1));
        await SettledAsync(grid, 5, ct);

        (await ServedGrid.StoredAsync(operators, Forgotten, at, at + Duration.FromHours(1))).Should().Equal(new Dictionary<Instant, long> { [at] = 100 });
        (await grid.MetricAsync("grid_ingest_stored_total")).Should().Be(2);
        (await grid.MetricAsync("grid_ingest_duplicate_total")).Should().Be(1);
        await ReplayedAsync(grid, ct);
        (await grid.CommandAsync("user", "accesses", "--from", "2026-01-01")).Output.Split('\n').Should().HaveCount(2).And.OnlyContain(l => l.Contains($"operator@grid.example  readings {Forgotten} from {UtcText.Format(at)} to ", StringComparison.Ordinal));
        (await grid.StopAsync()).Should().Be(0);
    }

    private static Task SettledAsync(ServedGrid grid, int items, CancellationToken ct) => Eventually.BecomesTrueAsync(
        $"{items} items were received and settled",
        TimeSpan.FromSeconds(60),
        async _ => await grid.MetricAsync("grid_ingest_received_total") >= items && await grid.MetricAsync("grid_ingest_pending") == 0,
        ct);

    private static Task ReplayedAsync(ServedGrid grid, CancellationToken ct) => Eventually.BecomesTrueAsync(
        "the item keeps its row, as replayed",
        TimeSpan.FromSeconds(30),
        async _ => (await grid.CommandAsync("quarantine", "list", "--reason", "unknown-meter")).Output.Contains("replayed", StringComparison.Ordinal),
        ct);

    private static async Task<(int Marked, int Cut)> ReplayAsync(ServedGrid grid, GatewayName gateway, params string[] more)
    {
        var (exit, output) = await grid.CommandAsync(["quarantine", "replay", "--gateway", gateway.Value, "--json", .. more]);
        exit.Should().Be(0, output);
        var said = JsonDocument.Parse(output).RootElement;
        return (said.GetProperty("marked").GetInt32(), said.GetProperty("cut").GetInt32());
    }
}
