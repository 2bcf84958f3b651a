using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.Wire;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Grid.UnitTests.FirmwareSim;

/// <summary>A broker in the test that notes what it gets and says what a backend would.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    public const string Secret = "secret";

    private readonly MqttServer _server;

    private TestBroker(MqttServer server, int port) => (_server, Port) = (server, port);

    public int Port { get; }

    public ConcurrentQueue<(string Topic, byte[] Payload, IReadOnlyDictionary<string, string> Properties)> Received { get; } = new();

    /// <summary>Answers what became of a message; true if the connection is cut before its PUBACK.</summary>
    public Func<string, bool> Cuts { get; set; } = _ => false;

    /// <summary>True for a topic on which nothing may be said.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    public static async Task<TestBroker> StartAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var factory = new MqttServerFactory();
        var server = factory.CreateMqttServer(factory.CreateServerOptionsBuilder()
            .WithDefaultEndpoint().WithDefaultEndpointPort(port).WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointBoundIPV6Address(IPAddress.None).Build());
        var broker = new TestBroker(server, port);
        server.InterceptingPublishAsync += publish =>
        {
            var message = publish.ApplicationMessage;
            if (!GatewayName.TryParse(publish.ClientId, out var sender)) return Task.CompletedTask; // our own
            if (!Topics.TryParse(message.Topic, out var gateway, out _) || gateway != sender || broker.Refuses(message.Topic)) publish.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
            broker.Received.Enqueue((message.Topic, message.Payload.ToArray(), message.UserProperties?.ToDictionary(p => p.Name, p => System.Text.Encoding.UTF8.GetString(p.ValueBuffer.Span), StringComparer.Ordinal) ?? []));
            publish.CloseConnection = broker.Cuts(message.Topic);
            return Task.CompletedTask;
        };
        await server.StartAsync();
        return broker;
    }

    public IReadOnlyList<byte[]> On(string level) => [.. Received.Where(m => m.Topic.EndsWith("/" + level, StringComparison.Ordinal)).Select(m => m.Payload)];

    public Task SayAsync(string gateway, TopicKind kind, byte[] payload) => _server.InjectApplicationMessage(
        new(new MqttApplicationMessageBuilder().WithTopic($"grid/v1/{gateway}/{Topics.Level(kind)}").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithRetainFlag(kind is not TopicKind.Backfill).WithPayload(payload).Build()) { SenderClientId = "" },
        TestContext.Current.CancellationToken);

    public Task AckAsync(GatewayClient client, long through) =>
        SayAsync(client.Gateway.Value, TopicKind.Ack, SmallMessages.Encode(new AckMessage([new(client.Epoch, through)])));

    /// <summary>Waits for what comes over the network: it has no clock to be turned.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 1_000 && !holds(); i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        holds().Should().BeTrue("within ten seconds");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        _server.Dispose();
    }
}
