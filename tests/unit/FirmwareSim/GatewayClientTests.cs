using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.Wire;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Grid.UnitTests.FirmwareSim;

public sealed class GatewayClientTests : IAsyncLifetime
{
    private const string Secret = "secret";

    private readonly ConcurrentQueue<(string Topic, byte[] Payload, bool Retain)> _received = new();
    private readonly int _port = FreePort();
    private MqttServer _broker = null!;
    private Action<InterceptingPublishEventArgs> _onPublish = _ => { };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var factory = new MqttServerFactory();
        _broker = factory.CreateMqttServer(factory.CreateServerOptionsBuilder()
            .WithDefaultEndpoint().WithDefaultEndpointPort(_port).WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointBoundIPV6Address(IPAddress.None).Build());
        _broker.ValidatingConnectionAsync += login =>
        {
            if (login.Password is not Secret || !string.Equals(login.UserName, login.ClientId, StringComparison.Ordinal)) login.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
            return Task.CompletedTask;
        };
        _broker.InterceptingPublishAsync += publish =>
        {
            _received.Enqueue((publish.ApplicationMessage.Topic, publish.ApplicationMessage.Payload.ToArray(), publish.ApplicationMessage.Retain));
            _onPublish(publish);
            return Task.CompletedTask;
        };
        await _broker.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.StopAsync();
        _broker.Dispose();
    }

    [Fact]
    public async Task A_refused_login_names_the_gateway_and_what_to_do()
    {
        await using var client = Client("wrong");

        var act = () => client.ConnectAsync(Stop);

        (await act.Should().ThrowAsync<GatewayRefusedException>()).WithMessage("*gateway gw-0001*gateway create gw-0001*");
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_named_with_its_port()
    {
        await using var client = new GatewayClient(new(GatewayName.Parse("gw-0001"), Secret) { Port = FreePort() }, TimeProvider.System);

        var act = () => client.ConnectAsync(Stop);

        (await act.Should().ThrowAsync<BrokerUnreachableException>()).WithMessage("*127.0.0.1:*--port*");
    }

    [Fact]
    public async Task It_is_born_retained_before_its_first_reading()
    {
        await using var client = Client();

        await client.SendAsync([Reading(1)], Stop);

        _received.Select(m => m.Topic).Should().Equal("grid/v1/gw-0001/status", "grid/v1/gw-0001/readings");
        _received.First().Retain.Should().BeTrue();
        SmallMessages.DecodeStatus(_received.First().Payload)!.State.Should().Be("online");
    }

    [Fact]
    public async Task When_it_stops_its_retained_status_says_that_it_is_lost()
    {
        var client = Client();
        await client.SendAsync([Reading(1)], Stop);
        var changed = new TaskCompletionSource();
        _broker.RetainedMessageChangedAsync += _ =>
        {
            changed.TrySetResult();
            return Task.CompletedTask;
        };

        await client.DisposeAsync();
        await changed.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop);

        var status = await _broker.GetRetainedMessageAsync("grid/v1/gw-0001/status");
        SmallMessages.DecodeStatus(status.Payload.ToArray()).Should().Be(StatusMessage.Lost);
    }

    [Fact]
    public async Task What_was_not_acknowledged_before_a_lost_connection_is_sent_again_with_the_same_bytes()
    {
        var cuts = 3;
        _onPublish = publish =>
        {
            if (!publish.ApplicationMessage.Topic.EndsWith("/readings", StringComparison.Ordinal) || Interlocked.Decrement(ref cuts) < 0) return;
            publish.ProcessPublish = false;
            publish.CloseConnection = true;
        };
        await using var client = Client(window: 4);

        for (var i = 0; i < 10; i++) await client.PostAsync([Reading(i)], Stop);
        await client.FlushAsync();

        var messages = _received.Where(m => m.Topic.EndsWith("/readings", StringComparison.Ordinal)).Select(m => Convert.ToHexString(m.Payload)).ToArray();
        messages.Length.Should().BeGreaterThan(10);
        messages.Distinct(StringComparer.Ordinal).Should().HaveCount(10);
    }

    [Fact]
    public async Task It_hears_how_far_its_epoch_is_stored()
    {
        await using var client = Client();
        await client.ConnectAsync(Stop);

        foreach (var through in (long[])[3, 9, 5])
            await _broker.InjectApplicationMessage(new(new MQTTnet.MqttApplicationMessageBuilder().WithTopic("grid/v1/gw-0001/ack").WithRetainFlag()
                .WithPayload(SmallMessages.Encode(new AckMessage([new(client.Epoch - 1, 1_000), new(client.Epoch, through)]))).Build()), Stop);

        SpinWait.SpinUntil(() => client.StoredThrough >= 9, TimeSpan.FromSeconds(10)).Should().BeTrue();
        client.StoredThrough.Should().Be(9);
    }

    [Fact]
    public async Task A_message_that_the_broker_refuses_is_reported_and_not_sent_again()
    {
        _onPublish = publish =>
        {
            if (!publish.ApplicationMessage.Topic.EndsWith("/readings", StringComparison.Ordinal)) return;
            publish.ProcessPublish = false;
            publish.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
        };
        await using var client = Client();

        var act = () => client.SendAsync([Reading(1)], Stop);

        (await act.Should().ThrowAsync<GatewayRefusedException>()).WithMessage("*gw-0001*grid/v1/gw-0001/readings*NotAuthorized*");
        _received.Count(m => m.Topic.EndsWith("/readings", StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public async Task A_fleet_fills_back_every_half_hour_of_every_home_with_both_borders()
    {
        var homes = new SimulatedNeighbourhood(1, 5);
        await using var fleet = new Fleet(new() { Port = _port, ReadingsPerMessage = 10 }, homes, _ => Secret, TimeProvider.System);
        var from = homes.Origin + Duration.FromDays(3);

        await fleet.BackfillAsync(_ => from, from + Duration.FromDays(2) + Duration.FromMinutes(7), null, Stop);

        var readings = _received.Where(m => m.Topic.EndsWith("/readings", StringComparison.Ordinal))
            .SelectMany(m => JsonReadings.Decode(m.Payload).Readings).ToArray();
        readings.Should().HaveCount(5 * 97);
        foreach (var home in homes.Homes)
            readings.Where(r => r.Meter == home.Meter).OrderBy(r => r.At).Should().Equal(Enumerable.Range(0, 97).Select(i => home.ReadingAt(from + Duration.FromMinutes(30 * i))));
        fleet.Sent.ReadingsSent.Should().Be(5 * 97);
    }

    [Fact]
    public async Task A_replay_arrives_message_by_message_as_it_was_made()
    {
        var at = Instant.FromUtc(2026, 1, 1, 0, 0);
        IntervalSeries series = new("h", [.. Enumerable.Range(0, 50).Where(i => i != 20)
            .Select(i => new IntervalEnergy("h", at + Duration.FromHours(i), at + Duration.FromHours(i + 1), i))]);
        var options = new ReplayOptions { GatewayOf = _ => GatewayName.Parse("gw-0001"), SecretOf = _ => Secret, Port = _port, Epoch = 5, ReadingsPerMessage = 7 };

        await Replay.RunAsync([series], options, TimeProvider.System, null, Stop);

        _received.Where(m => !m.Topic.EndsWith("/status", StringComparison.Ordinal)).Select(m => (m.Topic, Convert.ToHexString(m.Payload)))
            .Should().BeEquivalentTo(Replay.Messages([series], 5, 1, options).Select(m => (Topics.Of(GatewayName.Parse("gw-0001"), m.Kind), Convert.ToHexString(m.Payload))));
    }

    private static Reading Reading(int number) => new(MeterName.Parse("m-0001"), Instant.FromUnixTimeSeconds(1_800L * number), new(number));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private GatewayClient Client(string secret = Secret, int window = 1) =>
        new(new(GatewayName.Parse("gw-0001"), secret) { Port = _port, Window = window }, TimeProvider.System);
}
