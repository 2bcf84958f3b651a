using System.Buffers;
using System.Globalization;
using Grid.Domain;
using Grid.Wire;
using MQTTnet;
using MQTTnet.Protocol;

namespace Grid.FirmwareSim;

/// <summary>The connection of one gateway: login, last will, birth and what the backend says to it; comes back by itself when lost.</summary>
internal sealed class GatewayConnection : IAsyncDisposable
{
    private static readonly MqttClientFactory Factory = new();

    private readonly GatewayClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly Func<int> _buffered;
    private readonly IMqttClient _client = Factory.CreateMqttClient();
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly string _ackTopic;
    private Instant _bootedAt;
    private TaskCompletionSource? _offline;
    private volatile bool _ready;
    private volatile bool _takenOver;
    private volatile int _number;

    /// <param name="buffered">Messages that the birth says are kept.</param>
    /// <param name="heard">Called with what the backend says, on the connection's own loop: it must not wait.</param>
    /// <param name="lost">Called when it is gone and was not given up.</param>
    /// <param name="connected">Called after the birth with the connection's number, from 1.</param>
    public GatewayConnection(GatewayClientOptions options, TimeProvider clock, Func<int> buffered, Action<TopicKind, byte[]> heard, Action<int> connected, Action lost)
    {
        (_options, _clock, _buffered, Connected) = (options, clock, buffered, connected);
        _bootedAt = WholeSecond(clock);
        _ackTopic = Topics.Of(options.Gateway, TopicKind.Ack);
        _client.ApplicationMessageReceivedAsync += received =>
        {
            var message = received.ApplicationMessage;
            if (Topics.TryParse(message.Topic, out var gateway, out var kind) && gateway == options.Gateway) heard(kind, message.Payload.ToArray());
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += gone =>
        {
            _takenOver |= gone.Reason == MqttClientDisconnectReason.SessionTakenOver;
            if (!_ready) return Task.CompletedTask;
            options.Notice?.Invoke($"{options.Gateway}: connection lost, connecting again");
            _ready = false;
            lost();
            return Task.CompletedTask;
        };
    }

    private Action<int> Connected { get; }

    /// <summary>One attempt.</summary>
    /// <exception cref="BrokerUnreachableException">Nobody answers.</exception>
    /// <exception cref="GatewayRefusedException">The login is refused.</exception>
    public async Task OpenAsync(CancellationToken ct)
    {
        await _connecting.WaitAsync(ct);
        try
        {
            if (!_ready) await ConnectAsync(ct);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Attempts until it is connected, with growing pauses; a refused login ends it.</summary>
    /// <returns>The connection's number, by which it is given up.</returns>
    public async Task<int> ReopenAsync(CancellationToken ct)
    {
        for (var attempt = 0; !_ready; attempt++)
        {
            if (Volatile.Read(ref _offline) is { } offline) await offline.Task.WaitAsync(ct);
            if (attempt > 0) await PauseAsync(attempt, ct);
            try
            {
                await OpenAsync(ct);
            }
            catch (BrokerUnreachableException unreachable)
            {
                if (attempt == 0) _options.Notice?.Invoke($"{_options.Gateway}: {unreachable.Message}");
            }
        }

        return _number;
    }

    public async Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage message, CancellationToken ct)
    {
        try
        {
            return await _client.PublishAsync(message, ct);
        }
        catch (Exception stopped) when (stopped is not OperationCanceledException && ct.IsCancellationRequested)
        {
            throw new OperationCanceledException("Stopped while publishing.", stopped, ct);
        }
    }

    /// <summary>Gives a connection up, so that the next message opens a new one. A newer one is left alone.</summary>
    /// <param name="number">Null: whichever there is.</param>
    public async Task DropAsync(int? number)
    {
        await _connecting.WaitAsync();
        try
        {
            if (number is null || number == _number) await CloseAsync();
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Takes the gateway off the net, without a goodbye, until <see cref="Online"/>.</summary>
    public async Task GoOfflineAsync()
    {
        Interlocked.CompareExchange(ref _offline, new(TaskCreationOptions.RunContinuationsAsynchronously), null);
        await DropAsync(null);
    }

    public bool IsOffline => Volatile.Read(ref _offline) is not null;

    public void Online() => Interlocked.Exchange(ref _offline, null)?.TrySetResult();

    /// <summary>Starts again: another birth.</summary>
    public async Task RebootAsync(CancellationToken ct)
    {
        await DropAsync(null);
        _bootedAt = WholeSecond(_clock);
        await ReopenAsync(ct);
    }

    /// <summary>A pause that doubles with each attempt, a little different for each gateway so that they do not come back as one.</summary>
    public Task PauseAsync(int attempt, CancellationToken ct)
    {
        var longest = Math.Min(_options.MaxBackOff.TotalMilliseconds, 250.0 * (1 << Math.Min(attempt, 10)));
        var jitter = Chance.Unit(_bootedAt.ToUnixTimeSeconds(), _options.Gateway.Value.Aggregate(0L, (hash, c) => unchecked((hash * 31) + c)), attempt);
        return Task.Delay(TimeSpan.FromMilliseconds(longest * (0.5 + (0.5 * jitter))), _clock, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
        {
            await SayLostAsync();
            await CloseAsync();
        }

        // The semaphore is left to the collector: disposed under a waiter whose token has just been cancelled, it never lets it go.
        _client.Dispose();
    }

    private async Task ConnectAsync(CancellationToken ct)
    {
        if (_takenOver) throw GatewayRefusedException.TakenOver(_options.Gateway);
        try
        {
            if (IsOffline) throw new IOException("the gateway is off the net");
            using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
            if (_client.IsConnected) await CloseAsync();
            var result = await _client.ConnectAsync(ConnectOptions(), either.Token);
            if (IsFinal(result.ResultCode)) throw GatewayRefusedException.Login(_options.Gateway, result.ResultCode.ToString());
            if (result.ResultCode != MqttClientConnectResultCode.Success) throw new IOException($"the broker says {result.ResultCode}");
            await SubscribeAsync(either.Token);
            await PublishBirthAsync(either.Token);
            _number++; // under the lock of _connecting
            _ready = true;
            if (_number > 1) _options.Notice?.Invoke($"{_options.Gateway}: connected again");
            Connected(_number);
        }
        catch (Exception failed) when (failed is not GatewayFaultException && !ct.IsCancellationRequested)
        {
            throw new BrokerUnreachableException(_options.Host, _options.Port, failed);
        }
        catch (Exception stopped) when (stopped is not (GatewayFaultException or OperationCanceledException))
        {
            throw new OperationCanceledException("Stopped while connecting.", stopped, ct); // MQTTnet has words of its own for it
        }
    }

    private async Task CloseAsync()
    {
        _ready = false;
        try
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().WithReason(MqttClientDisconnectOptionsReason.DisconnectWithWillMessage).Build());
        }
        catch (Exception gone) when (gone is MQTTnet.Exceptions.MqttCommunicationException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            _ready = false; // it was gone already
        }
    }

    /// <summary>A simulator that stops is a gateway that nobody hears any more. Said aloud: not every broker publishes the will at a clean end.</summary>
    private async Task SayLostAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(3), _clock);
        try
        {
            await _client.PublishAsync(Message(Topics.Of(_options.Gateway, TopicKind.Status), SmallMessages.Encode(StatusMessage.Lost), retain: true), timeout.Token);
        }
        catch (Exception gone) when (gone is MQTTnet.Exceptions.MqttCommunicationException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            _ready = false; // then the broker publishes the will
        }
    }

    private async Task SubscribeAsync(CancellationToken ct)
    {
        var topics = Factory.CreateSubscribeOptionsBuilder().WithTopicFilter(_ackTopic, MqttQualityOfServiceLevel.AtLeastOnce);
        foreach (var kind in (TopicKind[])[TopicKind.Backfill, TopicKind.Commands]) topics.WithTopicFilter(Topics.Of(_options.Gateway, kind), MqttQualityOfServiceLevel.AtLeastOnce);
        var granted = await _client.SubscribeAsync(topics.Build(), ct);
        foreach (var item in granted.Items.Where(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2))
            _options.Notice?.Invoke($"{_options.Gateway}: the broker refuses the subscription to {item.TopicFilter.Topic} ({item.ResultCode}); what is said there stays unheard");
    }

    private async Task PublishBirthAsync(CancellationToken ct)
    {
        var birth = new StatusMessage(StatusMessage.Online, _options.Firmware, UtcText.Format(_bootedAt), _buffered());
        var topic = Topics.Of(_options.Gateway, TopicKind.Status);
        var result = await _client.PublishAsync(Message(topic, SmallMessages.Encode(birth), retain: true), ct);
        if (!result.IsSuccess) throw GatewayRefusedException.Publish(_options.Gateway, topic, result.ReasonCode.ToString());
    }

    public static MqttApplicationMessage Message(string topic, byte[] payload, bool retain = false) => Builder(topic, payload).WithRetainFlag(retain).Build();

    /// <summary>With its number beside it where the format has no place for one.</summary>
    public static MqttApplicationMessage Message(GatewayName gateway, KeptMessage message)
    {
        var builder = Builder(Topics.Of(gateway, message.Kind), message.Payload);
        if (message.Kind is TopicKind.Senml or TopicKind.Tic or TopicKind.P1)
        {
            builder.WithUserProperty(Envelope.EpochProperty, Utf8(message.Epoch.ToString(CultureInfo.InvariantCulture)));
            builder.WithUserProperty(Envelope.SeqProperty, Utf8(message.Seq.ToString(CultureInfo.InvariantCulture)));
            if (message.At is { } at) builder.WithUserProperty(Envelope.AtProperty, Utf8(UtcText.Format(at)));
        }

        return builder.Build();
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static MqttApplicationMessageBuilder Builder(string topic, byte[] payload) => new MqttApplicationMessageBuilder()
        .WithTopic(topic)
        .WithPayload(payload)
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);

    private static Instant WholeSecond(TimeProvider clock) => Instant.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());

    private MqttClientOptions ConnectOptions() => new MqttClientOptionsBuilder()
        .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500)
        .WithTcpServer(_options.Host, _options.Port)
        .WithKeepAlivePeriod(_options.KeepAlive)
        .WithClientId(_options.Gateway.Value)
        .WithCredentials(_options.Gateway.Value, _options.Secret)
        .WithCleanStart()
        .WithTimeout(_options.ConnectTimeout)
        .WithWillTopic(Topics.Of(_options.Gateway, TopicKind.Status))
        .WithWillPayload(SmallMessages.Encode(StatusMessage.Lost))
        .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .WithWillRetain()
        .Build();

    /// <summary>Refusals that trying again does not cure; a busy or restarting broker is none.</summary>
    private static bool IsFinal(MqttClientConnectResultCode code) => code
        is MqttClientConnectResultCode.BadUserNameOrPassword
        or MqttClientConnectResultCode.NotAuthorized
        or MqttClientConnectResultCode.ClientIdentifierNotValid
        or MqttClientConnectResultCode.Banned
        or MqttClientConnectResultCode.BadAuthenticationMethod
        or MqttClientConnectResultCode.UnsupportedProtocolVersion;
}
