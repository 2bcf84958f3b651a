using Grid.Domain;
using Grid.FirmwareSim;
using Grid.IntegrationTests.Servers;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Two ingest nodes share the gateways of one Mosquitto, over one registry and one store.</summary>
public class TwoNodesTests
{
    private const string Meter = "m-shared";
    private const int ReadingsAMessage = 5;
    private static readonly Instant First = Instant.FromUtc(2026, 1, 1, 0, 0);

    [Fact]
    public async Task Killing_one_of_two_nodes_loses_nothing_and_both_settle_the_same_gateway()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        await using var postgres = await RealPostgres.StartAsync();
        await using var influx = await RealInflux.StartAsync();
        await using var first = Node(1, mosquitto, postgres, influx);
        await using var second = Node(2, mosquitto, postgres, influx);
        var gateway = Homes.NewGateway();
        await first.SetUpAsync(Homes.Behind(gateway, [Meter]));
        await mosquitto.AddGatewayAsync(gateway.Value, Homes.Secret);
        await first.StartAsync();
        await second.StartAsync();
        await using var client = new GatewayClient(new(gateway, Homes.Secret) { Port = mosquitto.Port, Window = 8 }, TimeProvider.System);
        await client.ConnectAsync(ct);

        await SendAsync(client, 0, 200, ct);
        await Eventually.BecomesTrueAsync(
            "both had settled something", TimeSpan.FromSeconds(60), async _ => await StoredByAsync(first) > 0 && await StoredByAsync(second) > 0, ct);
        await SendAsync(client, 200, 300, ct);
        await second.KillAsync();
        await SendAsync(client, 300, 400, ct);
        await second.StartAsync(); // it kept its share in its session, and what it had not settled in its journal

        await Eventually.BecomesTrueAsync("the gateway may forget everything", TimeSpan.FromSeconds(90), _ => Task.FromResult(client.StoredThrough >= client.LastSeq), ct);
        using var operators = await first.OperatorAsync();
        var stored = await ServedGrid.StoredAsync(operators, Meter, First, First + Duration.FromDays(365));
        stored.Should().BeEquivalentTo(Enumerable.Range(0, 400).SelectMany(Message).ToDictionary(r => r.At, r => r.Registers.ImportWh));
    }

    private static ServedGrid Node(int number, OwnMosquitto mosquitto, RealPostgres postgres, RealInflux influx) => new(
        ("Ingest__MaxAge", "9000.00:00:00"), ("Ingest__AckInterval", "00:00:01"),
        ("Broker__Kind", "External"), ("Broker__Port", $"{mosquitto.Port}"), ("Broker__ClientId", $"grid-ingest-{number}"),
        ("Broker__User", mosquitto.IngestUser), ("Broker__Password", mosquitto.IngestPassword),
        ("Registry__Kind", "PostgreSql"), ("Registry__ConnectionString", postgres.ConnectionString),
        ("Store__Kind", "InfluxDb"), ("Store__Url", influx.Url.ToString()), ("Store__Database", influx.Database), ("Store__User", influx.User), ("Store__Password", influx.Password));

    private static Task<double> StoredByAsync(ServedGrid node) => node.MetricAsync("grid_ingest_stored_total");

    private static async Task SendAsync(GatewayClient client, int from, int to, CancellationToken ct)
    {
        for (var number = from; number < to; number++) await client.PostAsync([.. Message(number)], ct);
        await client.FlushAsync();
    }

    private static IEnumerable<Reading> Message(int number) => Enumerable.Range(number * ReadingsAMessage, ReadingsAMessage)
        .Select(i => new Reading(MeterName.Parse(Meter), First + Duration.FromMinutes(i), new(i * 3L)));
}
