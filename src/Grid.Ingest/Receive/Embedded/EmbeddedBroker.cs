using System.Collections.Concurrent;
using Grid.Domain;
using Grid.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet;
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
    private const string Ourselves = "$grid"; // no gateway can be called that
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly MqttServer _server;
    private readonly GatewayListener _listener;
    private readonly BrokerOptions _options;
    private readonly CurrentRegistry _registry;
    private readonly Inbox _inbox;
    private readonly TimeProvider _clock;
    private readonly BrokerMetrics _metrics;
    private readonly Door _door;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<GatewayName, Pace> _paces = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;

    public EmbeddedBroker(BrokerOptions options, CurrentRegistry registry, Inbox inbox, TimeProvider clock, BrokerMetrics metrics, ILogger<EmbeddedBroker> logger)
    {
        (_options, _registry, _inbox, _clock, _metrics, _logger) = (options, registry, inbox, clock, metrics, logger);
        _door = new(options, registry, new(clock), metrics);
        _listener = new(options, metrics, clock, logger);
        _server = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder().WithoutDefaultEndpoint().Build(), [_listener]);
        _server.ValidatingConnectionAsync += ValidateAsync;
        _server.InterceptingPublishAsync += PublishAsync;
        _server.InterceptingSubscriptionAsync += SubscribeAsync;
        metrics.ObserveConnections(() => _listener.Count);
    }

    /// <summary>Open connections, of gateways and of strangers.</summary>
    internal int Connections => _listener.Count;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync();
        _watching = WatchAsync();
        Log.Listening(_logger, _options.Tls ? "MQTT by TLS" : "MQTT", _options.Host, _options.Port);
    }

    /// <summary>Takes nothing new, and lets everything that is being committed have its PUBACK.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _listener.StopAcceptingAsync();
        foreach (var connection in _listener.Connections) connection.Drain();
        var began = _clock.GetTimestamp();
        while (_listener.Connections.Any(c => c is { IsOpen: true, InFlight: > 0 }) && _clock.GetElapsedTime(began) < DrainTime && !cancellationToken.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(20), _clock, CancellationToken.None);
        await _stopping.CancelAsync();
        await _watching;
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

    internal Task<MqttApplicationMessage?> RetainedAsync(string topic) => _server.GetRetainedMessageAsync(topic);

    public void Dispose()
    {
        _server.Dispose();
        _listener.Dispose();
        _stopping.Dispose();
    }

    private Task ValidateAsync(ValidatingConnectionEventArgs e)
    {
        var (gateway, hash, answer) = _door.Knock(e);
        e.ReasonCode = answer;
        if (answer is not MqttConnectReasonCode.Success) return Task.CompletedTask;
        var connection = (GatewayConnection)e.ChannelAdapter;
        var pace = _paces.GetOrAdd(gateway, _ => new(_options.MaxPacketsPerSecond, _clock));
        connection.Admit(new(gateway, hash, () => Wait(pace), (topic, bytes) => TooLargeAsync(connection, gateway, topic, bytes)));
        e.SessionItems[GatewayItem] = gateway;
        return Task.CompletedTask;
    }

    private TimeSpan Wait(Pace pace)
    {
        var wait = pace.Next();
        if (wait > TimeSpan.Zero) _metrics.HeldBack();
        return wait;
    }

    private async Task PublishAsync(InterceptingPublishEventArgs e)
    {
        if (e.SessionItems?[GatewayItem] is not GatewayName gateway) return; // our own
        var topic = e.ApplicationMessage.Topic;
        e.ProcessPublish = false;
        var connection = ArrivedBy<GatewayConnection>.Of(e.ApplicationMessage);
        if (connection is not null) e.Response.UserProperties = ArrivedBy<GatewayConnection>.Empty(connection);
        if (connection?.Admitted is { } admitted && !_door.StillKnows(admitted))
        {
            await RevokedAsync(connection);
            e.CloseConnection = true;
            return;
        }

        var known = Topics.TryParse(topic, out var addressed, out var kind) && addressed == gateway && Topics.IsFromGateway(kind);
        if (!known || (connection is null && kind is not TopicKind.Status)) // nothing but a status is a last will
        {
            e.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
            // MQTT 3.1.1 has no reason in its PUBACK: to such a client a refusal would look like success.
            e.CloseConnection = connection?.PacketFormatterAdapter.ProtocolVersion is not MQTTnet.Formatter.MqttProtocolVersion.V500;
            return;
        }

        await TakeAsync(e, connection, gateway, kind);
    }

    private async Task TakeAsync(InterceptingPublishEventArgs e, GatewayConnection? connection, GatewayName gateway, TopicKind kind)
    {
        var message = e.ApplicationMessage;
        try
        {
            AwaitedReceipt receipt = new();
            await _inbox.OfferAsync(new(gateway, message.Topic, message.Payload, UserProperties.ToEnvelope(message.UserProperties), receipt), _stopping.Token);
            await receipt.Task;
            // Nobody else reads the rest, and what is too large is retained for nobody.
            e.ProcessPublish = kind is TopicKind.Status or TopicKind.CommandResults && message.Payload.Length <= WireLimits.MaxMessageBytes;
            if (kind is not TopicKind.Status) message.Retain = false;
            if (message.Payload.Length > WireLimits.MaxQuarantinedBytes && connection is not null) await connection.EndAsync(MqttDisconnectReasonCode.PacketTooLarge);
        }
        catch (Exception failure)
        {
            var full = failure is JournalFullException;
            if (!full && failure is not OperationCanceledException) Log.Failed(_logger, failure);
            if (connection is not null) await connection.EndAsync(full ? MqttDisconnectReasonCode.ServerBusy : MqttDisconnectReasonCode.UnspecifiedError);
            e.CloseConnection = true;
        }
    }

    private async Task TooLargeAsync(GatewayConnection connection, GatewayName gateway, string? topic, int bytes)
    {
        _metrics.Refused(RefusedBecause.TooLarge);
        try
        {
            if (topic is not null) await _inbox.NoteUnreadAsync(gateway, topic, bytes, _stopping.Token);
        }
        catch (Exception failure)
        {
            if (failure is not (JournalFullException or OperationCanceledException)) Log.Failed(_logger, failure); // it will be tried again, and noted then
        }

        await connection.EndAsync(MqttDisconnectReasonCode.PacketTooLarge, linger: true);
    }

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

    // What is slow, revoked or out of date may send nothing, and would never be seen.
    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(WatchInterval, _clock);
        var seen = _registry.Snapshot;
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                await _listener.EndSlowAsync();
                var now = _clock.GetUtcNow();
                var changed = seen != _registry.Snapshot;
                seen = _registry.Snapshot;
                await Task.WhenAll(_listener.Connections.Where(c => c.ClientCertificate?.NotAfter < now.LocalDateTime || (changed && c.Admitted is { } admitted && !_door.StillKnows(admitted))).Select(RevokedAsync));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private Task RevokedAsync(GatewayConnection connection)
    {
        _metrics.Refused(RefusedBecause.Revoked);
        return connection.EndAsync(MqttDisconnectReasonCode.NotAuthorized);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Gateways are welcome by {Protocol} on {Host}:{Port}.")]
        public static partial void Listening(ILogger logger, string protocol, string host, int port);

        [LoggerMessage(2, LogLevel.Error, "A message could not be taken; its gateway was disconnected and will send it again.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
