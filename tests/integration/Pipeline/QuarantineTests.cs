using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.IntegrationTests.Servers;
using Grid.Ingest;
using Grid.Storage;
using Grid.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Pipeline;

[Collection(SharedMosquitto.Name)]
public class QuarantineTests
{
    private const string Meter = "m-ours";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_cannot_be_used_ends_in_quarantine_with_its_reason_and_the_next_good_message_is_stored(bool behindMosquitto)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var grid = await RunningGrid.StartAsync(new Parts { Mosquitto = behindMosquitto ? RealMosquitto.OrSkip() : null });
        var (ours, theirs) = (Homes.NewGateway(), Homes.NewGateway());
        await grid.RegisterAsync(Homes.Behind(ours, [Meter]), Homes.Secret);
        await grid.RegisterAsync(Homes.Behind(theirs, ["m-theirs"]), Homes.Secret);
        var now = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        string Message(int seq, string meter, Instant at, long wh) =>
            $$"""{"epoch":1,"seq":{{seq}},"readings":[{"meter":"{{meter}}","at":"{{UtcText.Format(at - Duration.FromMilliseconds(at.ToUnixTimeMilliseconds() % 1000))}}","importWh":{{wh}}}]}""";

        (string Payload, string Reason)[] bad =
        [
            ("not json", "malformed"),
            (new string(' ', 100_000), "too-large"),
            ($$"""{"epoch":1,"seq":2,"readings":[],"x":{{string.Concat(Enumerable.Repeat("[", 40))}}{{string.Concat(Enumerable.Repeat("]", 40))}}}""", "too-deep"),
            (Message(3, Meter, now + Duration.FromMinutes(10), 100), "from-the-future"),
            (Message(4, Meter, now - Duration.FromDays(46), 100), "too-old"),
            (Message(5, "m-theirs", now, 100), "foreign-meter"),
            (Message(6, "m-nobodys", now, 100), "unknown-meter"),
            (Message(7, Meter, now - Duration.FromMinutes(5), 99), "falling-register"),
            (Message(8, Meter, now - Duration.FromMinutes(10), 101), "conflict"),
        ];
        await using (var client = new GatewayClient(new(ours, Homes.Secret) { Port = grid.MqttPort }, TimeProvider.System))
        {
            await client.ConnectAsync(ct);
            await client.PostAsync(TopicKind.Readings, Encoding.UTF8.GetBytes(Message(1, Meter, now - Duration.FromMinutes(10), 100)), ct);
            foreach (var (payload, _) in bad) await client.PostAsync(TopicKind.Readings, Encoding.UTF8.GetBytes(payload), ct);
            await client.PostAsync(TopicKind.Readings, Encoding.UTF8.GetBytes(Message(9, Meter, now, 120)), ct);
            await client.FlushAsync();
        }

        await grid.SettleAsync(bad.Length + 2);

        using var operators = await grid.OperatorAsync();
        var (from, to) = (UtcText.Format(Whole(now - Duration.FromHours(1))), UtcText.Format(Whole(now + Duration.FromHours(1))));
        var items = await operators.GetFromJsonAsync<JsonElement[]>($"/api/v1/quarantine?from={from}&to={to}", ct);
        items!.Where(i => i.GetProperty("gateway").GetString() == ours.Value).Select(i => i.GetProperty("reason").GetString()).Should().BeEquivalentTo(bad.Select(b => b.Reason));
        var stored = await operators.GetStringAsync($"/api/v1/readings?meter={Meter}&from={from}&to={to}", ct);
        stored.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("importWh").GetInt64()).Should().Equal(100, 120);
    }

    [Fact]
    public async Task The_embedded_broker_lets_a_gateway_speak_for_itself_alone()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var grid = await RunningGrid.StartAsync(new Parts());
        var (ours, theirs) = (Homes.NewGateway(), Homes.NewGateway());
        await grid.RegisterAsync(Homes.Behind(ours, [Meter]), Homes.Secret);
        await grid.RegisterAsync(Homes.Behind(theirs, ["m-theirs"]), Homes.Secret);

        (await Broker.ConnectAsync(grid.MqttPort, ours.Value, theirs.Value, Homes.Secret, ct)).Should().Be("BadUserNameOrPassword", "client id and user name must agree");
        (await Broker.ConnectAsync(grid.MqttPort, ours.Value, ours.Value, "wrong", ct)).Should().Be("BadUserNameOrPassword");
        (await Broker.ConnectAsync(grid.MqttPort, ours.Value, ours.Value, "", ct)).Should().Be("BadUserNameOrPassword");
        (await Broker.PublishAsync(grid.MqttPort, ours.Value, Topics.Of(theirs, TopicKind.Readings), ct)).Should().Be("NotAuthorized");
        (await Broker.PublishAsync(grid.MqttPort, ours.Value, Topics.Of(ours, TopicKind.Ack), ct)).Should().Be("NotAuthorized");
        (await Broker.SubscribeAsync(grid.MqttPort, ours.Value, "#", ct)).Should().Be("NotAuthorized");
        (await Broker.SubscribeAsync(grid.MqttPort, ours.Value, Topics.Of(theirs, TopicKind.Ack), ct)).Should().Be("NotAuthorized");
        (await Broker.SubscribeAsync(grid.MqttPort, ours.Value, Topics.Of(ours, TopicKind.Ack), ct)).Should().Be("GrantedQoS1");
    }

    [Fact]
    public async Task A_message_over_256_KiB_ends_the_connection_and_is_noted_without_its_body()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var grid = await RunningGrid.StartAsync(new Parts());
        var ours = Homes.NewGateway();
        await grid.RegisterAsync(Homes.Behind(ours, [Meter]), Homes.Secret);

        (await Broker.SendAsync(grid.MqttPort, ours.Value, Topics.Of(ours, TopicKind.Readings), new byte[300_000], ct)).Should().Be("PacketTooLarge");

        await grid.SettleAsync(1);
        using var operators = await grid.OperatorAsync();
        var now = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        var items = await operators.GetFromJsonAsync<JsonElement[]>(
            $"/api/v1/quarantine?from={UtcText.Format(Whole(now - Duration.FromHours(1)))}&to={UtcText.Format(Whole(now + Duration.FromHours(1)))}&reason=too-large", ct);
        items.Should().ContainSingle().Which.GetProperty("body").GetString().Should().BeEmpty();
    }

    [Fact]
    public async Task A_gateway_whose_secret_was_revoked_is_cut_with_its_next_message()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var grid = await RunningGrid.StartAsync(new Parts());
        var ours = Homes.NewGateway();
        await grid.RegisterAsync(Homes.Behind(ours, [Meter]), Homes.Secret);

        (await Broker.SendAsync(grid.MqttPort, ours.Value, Topics.Of(ours, TopicKind.Readings), [1], ct, beforehand: async () =>
        {
            await grid.Services.GetRequiredService<RegistryEditor>().SetSecretsAsync([(ours, null)], ct);
            await grid.Services.GetRequiredService<CurrentRegistry>().RefreshAsync(ct);
        })).Should().NotBe("NormalDisconnection");

        (await Broker.ConnectAsync(grid.MqttPort, ours.Value, ours.Value, Homes.Secret, ct)).Should().Be("BadUserNameOrPassword");
        grid.Services.GetRequiredService<IngestMetrics>().ItemsReceived.Should().Be(0);
    }

    [Fact]
    public async Task A_status_is_held_to_the_same_limits()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var grid = await RunningGrid.StartAsync(new Parts());
        var ours = Homes.NewGateway();
        await grid.RegisterAsync(Homes.Behind(ours, [Meter]), Homes.Secret);

        (await Broker.SendAsync(grid.MqttPort, ours.Value, Topics.Of(ours, TopicKind.Status), new byte[5_000_000], ct)).Should().Be("PacketTooLarge");

        await grid.SettleAsync(1);
    }

    private static Instant Whole(Instant at) => Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
