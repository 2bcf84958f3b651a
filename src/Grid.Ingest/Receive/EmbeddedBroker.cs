using System.Net;
using Grid.Domain;
using Grid.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Grid.Ingest;

/// <summary>
/// The broker in this process. MQTTnet awaits the publish interceptor before it sends the PUBACK, one publish at a time for
/// each connection: waiting there for the commit is what makes the PUBACK mean "on disk".
/// </summary>
internal sealed partial class EmbeddedBroker : IHostedService, IGatewayMail, IDisposable
{
    private const string GatewayItem = "gateway";
    private const string VersionItem = "version";
    private const string SecretItem = "secret";
    private const string Ourselves = "$grid"; // no gateway can be called that

    private readonly MqttServer _server;
    private readonly BrokerOptions _options;
    private readonly CurrentRegistry _registry;
    private readonly Inbox _inbox;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();

    public EmbeddedBroker(BrokerOptions options, CurrentRegistry registry, Inbox inbox, ILogger<EmbeddedBroker> logger)
    {
        (_options, _registry, _inbox, _logger) = (options, registry, inbox, logger);
        var serverOptions = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Parse(options.Host))
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(options.Port)
            .WithDefaultEndpointReuseAddress()
            .Build();
        _server = new MqttServerFactory().CreateMqttServer(serverOptions);
        _server.ValidatingConnectionAsync += ValidateAsync;
        _server.InterceptingPublishAsync += PublishAsync;
        _server.InterceptingSubscriptionAsync += SubscribeAsync;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync();
        Log.Listening(_logger, _options.Host, _options.Port);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _server.StopAsync();
    }

    public Task SendAsync(GatewayName gateway, TopicKind kind, byte[] payload, bool retain, CancellationToken ct) =>
        _server.InjectApplicationMessage(
            new InjectedMqttApplicationMessage(new MqttApplicationMessageBuilder()
                .WithTopic(Topics.Of(gateway, kind))
                .WithPayload(payload)
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .WithRetainFlag(retain)
                .Build()) { SenderClientId = Ourselves },
            ct);

    public void Dispose()
    {
        _server.Dispose();
        _stopping.Dispose();
    }

    private Task ValidateAsync(ValidatingConnectionEventArgs e)
    {
        if (GatewayName.TryParse(e.ClientId, out var gateway)
            && string.Equals(e.UserName, gateway.Value, StringComparison.Ordinal)
            && _registry.Snapshot.CredentialOf(gateway)?.SecretHash is { } hash
            && GatewaySecret.Matches(hash, e.Password ?? ""))
        {
            e.SessionItems[GatewayItem] = gateway;
            e.SessionItems[VersionItem] = e.ProtocolVersion;
            e.SessionItems[SecretItem] = hash;
        }
        else e.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;

        return Task.CompletedTask;
    }

    private async Task PublishAsync(InterceptingPublishEventArgs e)
    {
        if (e.SessionItems?[GatewayItem] is not GatewayName gateway) return; // our own
        var topic = e.ApplicationMessage.Topic;
        e.ProcessPublish = false;
        if (!StillKnows(gateway, e.SessionItems[SecretItem]))
        {
            e.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
            e.CloseConnection = true; // its secret was rotated or revoked since it connected
            return;
        }

        if (!Topics.TryParse(topic, out var addressed, out var kind) || addressed != gateway || !Topics.IsFromGateway(kind))
        {
            e.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
            // MQTT 3.1.1 has no reason in its PUBACK: to such a client a refusal would look like success.
            e.CloseConnection = e.SessionItems[VersionItem] is not MQTTnet.Formatter.MqttProtocolVersion.V500;
            return;
        }

        try
        {
            AwaitedReceipt receipt = new();
            var envelope = UserProperties.ToEnvelope(e.ApplicationMessage.UserProperties);
            await _inbox.OfferAsync(new(gateway, topic, e.ApplicationMessage.Payload, envelope, receipt), _stopping.Token);
            await receipt.Task;
            // Nobody else reads the rest, and what is too large is retained for nobody.
            e.ProcessPublish = kind is TopicKind.Status or TopicKind.CommandResults && e.ApplicationMessage.Payload.Length <= WireLimits.MaxMessageBytes;
            if (e.ApplicationMessage.Payload.Length > WireLimits.MaxQuarantinedBytes) await DisconnectAsync(gateway);
        }
        catch (Exception failure)
        {
            if (failure is not (JournalFullException or OperationCanceledException)) Log.Failed(_logger, failure);
            e.CloseConnection = true;
        }
    }

    private bool StillKnows(GatewayName gateway, object? secret) =>
        secret is byte[] hash && _registry.Snapshot.CredentialOf(gateway)?.SecretHash is { } held && held.AsSpan().SequenceEqual(hash);

    private Task SubscribeAsync(InterceptingSubscriptionEventArgs e)
    {
        var allowed = e.SessionItems[GatewayItem] is GatewayName gateway
            && Topics.TryParse(e.TopicFilter.Topic, out var addressed, out var kind) && addressed == gateway && !Topics.IsFromGateway(kind);
        if (!allowed)
        {
            e.ProcessSubscription = false;
            e.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
        }

        return Task.CompletedTask;
    }

    private Task DisconnectAsync(GatewayName gateway) => _server.DisconnectClientAsync(
        gateway.Value, new MqttServerClientDisconnectOptions { ReasonCode = MqttDisconnectReasonCode.PacketTooLarge });

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "MQTT gateways are welcome on {Host}:{Port}.")]
        public static partial void Listening(ILogger logger, string host, int port);

        [LoggerMessage(2, LogLevel.Error, "A message could not be taken; its gateway was disconnected and will send it again.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
