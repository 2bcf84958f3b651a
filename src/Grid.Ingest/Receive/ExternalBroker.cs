using System.Threading.Channels;
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
internal sealed partial class ExternalBroker(BrokerOptions options, Inbox inbox, TimeProvider clock, ILogger<ExternalBroker> logger)
    : BackgroundService, IGatewayMail
{
    private const string Share = "$share/ingest/";
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TopicKind[] Shared = [TopicKind.Readings, TopicKind.Senml, TopicKind.Tic, TopicKind.P1, TopicKind.Events];
    private static readonly TopicKind[] Ordinary = [TopicKind.Status, TopicKind.CommandResults];

    // No more can wait here than the broker was allowed to send.
    private readonly Channel<(MqttApplicationMessageReceivedEventArgs Message, JournalFullException? Refused)> _receipts =
        Channel.CreateUnbounded<(MqttApplicationMessageReceivedEventArgs, JournalFullException?)>(new() { SingleReader = true });

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public async Task SendAsync(GatewayName gateway, TopicKind kind, byte[] payload, bool retain, CancellationToken ct)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic(Topics.Of(gateway, kind)).WithPayload(payload)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithRetainFlag(retain).Build();
        await _client.PublishAsync(message, ct);
    }

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _client.ApplicationMessageReceivedAsync += e => TakeAsync(e, stoppingToken);
        var acknowledging = AcknowledgeAsync(stoppingToken);
        var wait = TimeSpan.FromMilliseconds(250);
        try
        {
            while (true)
            {
                if (!_client.IsConnected && !await ConnectAsync(stoppingToken))
                {
                    await Task.Delay(wait, clock, stoppingToken);
                    wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                    continue;
                }

                wait = TimeSpan.FromMilliseconds(250);
                await Task.Delay(wait, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await acknowledging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_client.IsConnected) await _client.DisconnectAsync(cancellationToken: CancellationToken.None);
        }
    }

    private async Task<bool> ConnectAsync(CancellationToken ct)
    {
        try
        {
            var result = await _client.ConnectAsync(ConnectOptions(), ct);
            if (result.ResultCode is not MqttClientConnectResultCode.Success) // not thrown
            {
                Log.Refused(logger, options.Host, options.Port, result.ResultCode.ToString());
                return false;
            }

            var subscribe = new MqttClientSubscribeOptionsBuilder();
            foreach (var kind in Shared) subscribe.WithTopicFilter(Share + Topics.All(kind), MqttQualityOfServiceLevel.AtLeastOnce);
            foreach (var kind in Ordinary) subscribe.WithTopicFilter(Topics.All(kind), MqttQualityOfServiceLevel.AtLeastOnce);
            var granted = await _client.SubscribeAsync(subscribe.Build(), ct);
            if (granted.Items.FirstOrDefault(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } denied)
            {
                Log.Denied(logger, denied.TopicFilter.Topic, denied.ResultCode.ToString());
                await DisconnectAsync(ct);
                return false;
            }

            Log.Connected(logger, options.Host, options.Port, result.IsSessionPresent);
            return true;
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            Log.Refused(logger, options.Host, options.Port, failure.Message);
            await DisconnectAsync(ct); // connected without its subscriptions it would wait for nothing
            return false;
        }
    }

    private MqttClientOptions ConnectOptions()
    {
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(options.Host, options.Port)
            .WithTcpServer(tcp => tcp.BufferSize = 1 << 20) // the default of 8 KiB collapses under a backlog
            .WithClientId(options.ClientId)
            .WithCredentials(options.User, options.Password)
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500)
            .WithCleanStart(false)
            .WithSessionExpiryInterval(uint.MaxValue)
            .WithReceiveMaximum(2_000);
        return (options.Tls ? builder.WithTlsOptions(tls => tls.UseTls().WithTargetHost(options.Host)) : builder).Build();
    }

    // Handlers run one after another on the receive loop: wait for a place in the journal's queue, never for the commit.
    private async Task TakeAsync(MqttApplicationMessageReceivedEventArgs e, CancellationToken ct)
    {
        e.AutoAcknowledge = false;
        try
        {
            var message = e.ApplicationMessage;
            if (!Topics.TryParse(message.Topic, out var gateway, out _)) await e.AcknowledgeAsync(ct); // the subscriptions let nothing else through
            else await inbox.OfferAsync(new(gateway, message.Topic, message.Payload, UserProperties.ToEnvelope(message.UserProperties), new Receipt(this, e)), ct);
        }
        catch (Exception failure)
        {
            await PushBackAsync(failure, ct);
        }
    }

    // One after another, in the order of the commits: a thousand of them at once would only wait for the connection's lock.
    private async Task AcknowledgeAsync(CancellationToken ct)
    {
        await foreach (var (message, refused) in _receipts.Reader.ReadAllAsync(ct))
        {
            try
            {
                if (refused is null) await message.AcknowledgeAsync(ct);
                else await PushBackAsync(refused, ct);
            }
            catch (Exception gone) when (!ct.IsCancellationRequested)
            {
                Log.Gone(logger, gone); // the message comes again, and is then a duplicate
            }
        }
    }

    private sealed class Receipt(ExternalBroker broker, MqttApplicationMessageReceivedEventArgs message) : IReceipt
    {
        public void Committed() => broker._receipts.Writer.TryWrite((message, null));

        public void PushedBack(JournalFullException why) => broker._receipts.Writer.TryWrite((message, why));
    }

    // An unacknowledged message comes again only with a new connection.
    private async Task PushBackAsync(Exception failure, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return;
        Log.PushedBack(logger, failure.Message);
        await DisconnectAsync(ct);
    }

    private async Task DisconnectAsync(CancellationToken ct)
    {
        try
        {
            if (_client.IsConnected) await _client.DisconnectAsync(cancellationToken: ct);
        }
        catch (Exception gone)
        {
            Log.Gone(logger, gone);
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
    }
}
