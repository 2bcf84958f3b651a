using System.Collections.Concurrent;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.IntegrationTests.Servers;

namespace Grid.IntegrationTests.Pipeline;

[Collection(SharedMosquitto.Name)]
public class KillTests
{
    private const string Meter = "m-killed";
    private const int Kills = 20;
    private const int ReadingsAMessage = 20;

    private static readonly Instant First = Instant.FromUtc(2026, 1, 1, 0, 0);

    [Fact]
    public async Task Twenty_kills_lose_no_reading_that_got_its_puback()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var grid = new ServedGrid(("Ingest__MaxAge", "9000.00:00:00"));
        var gateway = Homes.NewGateway();
        var secrets = await grid.SetUpAsync(Homes.Behind(gateway, [Meter]));
        await grid.StartAsync();

        ConcurrentDictionary<int, bool> acknowledged = new();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var client = new GatewayClient(
            new(gateway, secrets[gateway.Value]) { Port = grid.MqttPort, Window = 8, MaxBackOff = TimeSpan.FromMilliseconds(250) }, TimeProvider.System);
        await client.ConnectAsync(ct);
        var sending = SendAsync(client, acknowledged, enough.Token);

        var chance = new Random(20);
        for (var kill = 0; kill < Kills; kill++)
        {
            var until = acknowledged.Count + chance.Next(1, 200);
            await Eventually.BecomesTrueAsync($"{until} messages were acknowledged", TimeSpan.FromSeconds(60), _ => Task.FromResult(acknowledged.Count >= until), ct);
            await grid.KillAsync();
            await grid.StartAsync();
        }

        await enough.CancelAsync();
        var sent = await sending;
        await client.FlushAsync();

        using var operators = await grid.OperatorAsync();
        Dictionary<Instant, long> stored = [];
        await Eventually.BecomesTrueAsync("everything sent was stored", TimeSpan.FromSeconds(60), async _ =>
        {
            stored = await ServedGrid.StoredAsync(operators, Meter, First, First + Duration.FromDays(365));
            return stored.Count >= sent * ReadingsAMessage;
        }, ct);
        acknowledged.Should().HaveCount(sent);
        foreach (var reading in acknowledged.Keys.SelectMany(Message)) stored.Should().Contain(reading.At, reading.Registers.ImportWh);
        stored.Should().HaveCount(sent * ReadingsAMessage, "nothing is stored that was not sent");
        (await grid.StopAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Behind_Mosquitto_what_was_not_on_disk_when_Grid_was_killed_comes_again()
    {
        var ct = TestContext.Current.CancellationToken;
        const int Messages = 50;
        var mosquitto = RealMosquitto.OrSkip();
        await using var influx = await RealInflux.StartAsync();
        await using var grid = new ServedGrid(
            ("Ingest__MaxAge", "9000.00:00:00"),
            ("Broker__Kind", "External"), ("Broker__Port", $"{mosquitto.Port}"), ("Broker__User", mosquitto.IngestUser), ("Broker__Password", mosquitto.IngestPassword),
            ("Store__Kind", "InfluxDb"), ("Store__Url", influx.Url.ToString()), ("Store__Database", influx.Database), ("Store__User", influx.User), ("Store__Password", influx.Password));
        var gateway = Homes.NewGateway();
        await grid.SetUpAsync(Homes.Behind(gateway, [Meter]));
        await mosquitto.AddGatewayAsync(gateway.Value, Homes.Secret);
        await grid.StartAsync();

        await using var client = new GatewayClient(new(gateway, Homes.Secret) { Port = mosquitto.Port, Window = 8 }, TimeProvider.System);
        await client.ConnectAsync(ct);
        await using (await grid.HoldJournalAsync()) // Grid can take messages, and cannot commit them
        {
            for (var number = 0; number < Messages; number++) await client.PostAsync([.. Message(number)], ct);
            await client.FlushAsync();
            await Eventually.BecomesTrueAsync(
                "Grid had taken them all", TimeSpan.FromSeconds(30), async _ => await grid.MetricAsync("grid_ingest_uncommitted") == Messages * ReadingsAMessage, ct);
            await grid.KillAsync();
        }

        await grid.StartAsync();
        using var operators = await grid.OperatorAsync();
        await Eventually.BecomesTrueAsync("everything sent was stored", TimeSpan.FromSeconds(60), async _ =>
            (await ServedGrid.StoredAsync(operators, Meter, First, First + Duration.FromDays(365))).Count == Messages * ReadingsAMessage, ct);
    }

    private static async Task<int> SendAsync(GatewayClient client, ConcurrentDictionary<int, bool> acknowledged, CancellationToken enough)
    {
        var number = 0;
        for (; !enough.IsCancellationRequested; number++)
        {
            var message = number;
            await client.PostAsync([.. Message(message)], TestContext.Current.CancellationToken, () => acknowledged[message] = true);
        }

        return number;
    }

    private static IEnumerable<Reading> Message(int number) => Enumerable.Range(number * ReadingsAMessage, ReadingsAMessage)
        .Select(i => new Reading(MeterName.Parse(Meter), First + Duration.FromMinutes(i), new(i * 3L)));
}
