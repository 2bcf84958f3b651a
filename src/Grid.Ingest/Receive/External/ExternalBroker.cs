using Grid.Domain;
using Grid.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace Grid.Ingest;

/// <summary>
/// Ingest as a client of an external broker: a persistent session with shared subscriptions and manual acknowledgement, so that
/// whatever is not on our disk comes again.
/// </summary>
internal sealed partial class ExternalBroker : BackgroundService
{
    private const string Share = "$share/ingest/";
    private const int MaxInFlight = 1_500;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WaitAfterPushBack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);
    private static readonly TopicKind[] Shared = [TopicKind.Readings, TopicKind.Senml, TopicKind.Tic, TopicKind.P1, TopicKind.Events];
    private static readonly TopicKind[] Ordinary = [TopicKind.Status, TopicKind.CommandResults];

    private readonly InFlightAdapter.Factory _connections;
    private readonly BrokerOptions _options;
    private readonly Inbox _inbox;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly IMqttClient _client;
    private readonly SessionWatch _watch;
    private readonly BrokerLink _link;
    private volatile Exception? _pushedBack;
    private volatile bool _leaving; // the connection ends by our own will

    public ExternalBroker(BrokerOptions options, Inbox inbox, BrokerLink link, TimeProvider clock, ILogger<ExternalBroker> logger)
    {
        (_options, _inbox, _link, _clock, _logger) = (options, inbox, link, clock, logger);
        _connections = new(MaxInFlight, clock);
        _client = new MqttClientFactory().CreateMqttClient(_connections);
        _watch = new(_client, options.ClientId, clock);
    }

    /// <summary>Takes nothing new, and acknowledges what is being committed.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_connections.Newest is { } connection)
        {
            connection.Drain();
            var began = _clock.GetTimestamp();
            while (connection is { IsOpen: true, InFlight: > 0 } && _clock.GetElapsedTime(began) < DrainTime && !cancellationToken.IsCancellationRequested)
                await Task.Delay(TimeSpan.FromMilliseconds(20), _clock, CancellationToken.None);
        }

        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _client.ApplicationMessageReceivedAsync += e => TakeAsync(e, stoppingToken);
        _client.DisconnectedAsync += e =>
        {
            if (!e.ClientWasConnected || stoppingToken.IsCancellationRequested) return Task.CompletedTask;
            _link.Down(Why(e));
            if (MayBeTakenOver(e)) Log.TakenOver(_logger, _options.Host, _options.Port, _options.ClientId);
            else Log.Ended(_logger, _options.Host, _options.Port, Why(e));
            return Task.CompletedTask;
        };
        var wait = ShortestWait;
        try
        {
            while (true)
            {
                if (_pushedBack is { } why) await PushBackAsync(why, stoppingToken);
                if (_client.IsConnected ? await WatchAsync(stoppingToken) : await ConnectAsync(stoppingToken)) wait = ShortestWait;
                else wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                await Task.Delay(wait, _clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await DisconnectAsync(CancellationToken.None);
        }
    }

    private async Task<bool> ConnectAsync(CancellationToken ct)
    {
        if (_link.IsUp) _link.Down("connecting again");
        using CancellationTokenSource late = new(ExternalConnection.Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            var result = await _client.ConnectAsync(ExternalConnection.Ingest(_options), either.Token);
            if (result.ResultCode is not MqttClientConnectResultCode.Success) // not thrown
            {
                Refused(result.ResultCode.ToString());
                return false;
            }

            var subscribe = new MqttClientSubscribeOptionsBuilder();
            foreach (var kind in Shared) subscribe.WithTopicFilter(Share + Topics.All(kind), MqttQualityOfServiceLevel.AtLeastOnce);
            foreach (var kind in Ordinary) subscribe.WithTopicFilter(Topics.All(kind), MqttQualityOfServiceLevel.AtLeastOnce);
            subscribe.WithTopicFilter(_watch.Topic, MqttQualityOfServiceLevel.AtLeastOnce);
            var granted = await _client.SubscribeAsync(subscribe.Build(), either.Token);
            if (granted.Items.FirstOrDefault(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } denied)
            {
                Log.Denied(_logger, denied.TopicFilter.Topic, denied.ResultCode.ToString());
                await DisconnectAsync(ct);
                _link.Down($"it does not grant {denied.TopicFilter.Topic}");
                return false;
            }

            _watch.Begin();
            _leaving = false;
            _link.Up();
            Log.Connected(_logger, _options.Host, _options.Port, result.IsSessionPresent);
            return true;
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            Refused(late.IsCancellationRequested ? $"no answer within {ExternalConnection.Patience.TotalSeconds} s" : (failure.InnerException ?? failure).Message);
            await DisconnectAsync(ct); // connected without its subscriptions it would wait for nothing
            return false;
        }
    }

    /// <returns>False if it is to connect again.</returns>
    private async Task<bool> WatchAsync(CancellationToken ct)
    {
        try
        {
            if (await _watch.HearsAsync(excused: _connections.Newest is { InFlight: > 0 }, ct))
            {
                _link.Up(); // word of an earlier connection's end may come late
                return true;
            }

            _link.Down("it no longer delivers");
            Log.Silent(_logger, _options.Host, _options.Port);
            await DisconnectAsync(ct);
            return false;
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            Refused((failure.InnerException ?? failure).Message);
            return false;
        }
    }

    private void Refused(string why)
    {
        _link.Down(why);
        Log.Refused(_logger, _options.Host, _options.Port, why);
    }

    // Handlers run one after another: wait for a place in the journal's queue, never for the commit. Never disconnect here
    // either: that waits for this handler to end.
    private async Task TakeAsync(MqttApplicationMessageReceivedEventArgs e, CancellationToken ct)
    {
        e.AutoAcknowledge = false;
        _watch.Hear();
        var message = e.ApplicationMessage;
        if (ArrivedBy<InFlightAdapter>.Of(message) is not { IsOpen: true } connection) return;
        Receipt receipt = new(this, connection, e.PacketIdentifier, message.QualityOfServiceLevel);
        try
        {
            if (!Topics.TryParse(message.Topic, out var gateway, out _)) receipt.Committed(); // the watch's; the subscriptions let nothing else through
            else await _inbox.OfferAsync(new(gateway, message.Topic, message.Payload, UserProperties.ToEnvelope(message.UserProperties), receipt), ct);
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            receipt.PushedBack(failure);
        }
        finally
        {
            if (message.QualityOfServiceLevel is MqttQualityOfServiceLevel.AtMostOnce) connection.Taken();
        }
    }

    // An unacknowledged message comes again only with a new connection.
    private async Task PushBackAsync(Exception failure, CancellationToken ct)
    {
        Log.PushedBack(_logger, failure.Message);
        await DisconnectAsync(ct);
        _pushedBack = null;
        await Task.Delay(WaitAfterPushBack, _clock, ct); // whatever filled the journal needs time
    }

    private string Why(MqttClientDisconnectedEventArgs e) => _connections.Newest?.LeftBecause is { } ours ? ours
        : e.Exception is { } failure ? (failure.InnerException ?? failure).Message
        : e.ReasonString is { Length: > 0 } words ? words : e.Reason.ToString();

    // Mosquitto 2.0.11 closes a connection that another of its name replaces, and says nothing.
    private bool MayBeTakenOver(MqttClientDisconnectedEventArgs e) => e.Reason is MqttClientDisconnectReason.SessionTakenOver
        || (!_leaving && e is { Reason: MqttClientDisconnectReason.NormalDisconnection, Exception: null } && _connections.Newest?.LeftBecause is null);

    private async Task DisconnectAsync(CancellationToken ct)
    {
        _leaving = true;
        try
        {
            if (_client.IsConnected) await _client.DisconnectAsync(cancellationToken: ct).WaitAsync(ExternalConnection.Patience, _clock, ct);
        }
        catch (Exception gone)
        {
            Log.Gone(_logger, gone);
            _connections.Newest?.Dispose(); // what it wanted to say may stand behind PUBACKs that the broker does not read
        }
    }

    private sealed class Receipt(ExternalBroker broker, InFlightAdapter connection, ushort packet, MqttQualityOfServiceLevel quality) : IReceipt
    {
        public void Committed()
        {
            if (quality is not MqttQualityOfServiceLevel.AtMostOnce) connection.Acknowledge(packet);
        }

        public void PushedBack(JournalFullException why) => PushedBack((Exception)why);

        public void PushedBack(Exception why)
        {
            if (connection.IsOpen) broker._pushedBack = why;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Connected to the broker at {Host}:{Port}; session resumed: {Resumed}.")]
        public static partial void Connected(ILogger logger, string host, int port, bool resumed);

        [LoggerMessage(2, LogLevel.Warning, "The broker at {Host}:{Port} cannot be used, trying again: {Why}. See Grid:Broker.")]
        public static partial void Refused(ILogger logger, string host, int port, string why);

        [LoggerMessage(3, LogLevel.Error, "The broker does not grant {Topic} ({Why}): its acl must let ingest read and write grid/v1/#.")]
        public static partial void Denied(ILogger logger, string topic, string why);

        [LoggerMessage(4, LogLevel.Warning, "A message could not be committed; the broker keeps it: {Why}")]
        public static partial void PushedBack(ILogger logger, string why);

        [LoggerMessage(5, LogLevel.Debug, "The connection was gone already.")]
        public static partial void Gone(ILogger logger, Exception gone);

        [LoggerMessage(6, LogLevel.Warning, "The connection to the broker at {Host}:{Port} ended, connecting again: {Why}")]
        public static partial void Ended(ILogger logger, string host, int port, string why);

        [LoggerMessage(7, LogLevel.Error, "The broker at {Host}:{Port} no longer delivers what is published, though the connection lives: connecting again. Mosquitto 2.0.11 was seen to do that.")]
        public static partial void Silent(ILogger logger, string host, int port);

        [LoggerMessage(8, LogLevel.Warning, "The broker at {Host}:{Port} closed the connection without a reason, as it does when it stops or another client takes the name. Connecting again. If this repeats, two nodes have the Grid:Broker:ClientId '{ClientId}' and throw each other out: give each its own.")]
        public static partial void TakenOver(ILogger logger, string host, int port, string clientId);
    }
}
