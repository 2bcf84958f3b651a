using System.Buffers;
using Grid.Domain;
using Grid.Wire;
using MQTTnet;

namespace Grid.FirmwareSim;

/// <summary>
/// One gateway as the contract has it: QoS 1, a bounded number of messages on their way, the same bytes again after a lost
/// connection, and everything kept until the backend's <c>ack</c> covers it. Answers <c>backfill</c> and obeys <c>commands</c>.
/// Nothing of it runs while there is nothing to send.
/// </summary>
public sealed partial class GatewayClient : IAsyncDisposable
{
    private const int QuotaAttempts = 6;

    private readonly GatewayClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly GatewayConnection _connection;
    private readonly SemaphoreSlim? _shared;
    private readonly CommandDesk _desk;
    private readonly KeptMessages _kept;
    private readonly List<(long Epoch, long From, long To)> _lost = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _changed;
    private TaskCompletionSource? _heardAck;
    private Task _pump = Task.CompletedTask;
    private int _repeating;
    private long _seq;
    private long _storedThrough;
    private Exception? _failure;

    /// <param name="shared">A bound over several gateways; null for none.</param>
    public GatewayClient(GatewayClientOptions options, TimeProvider clock, SemaphoreSlim? shared = null)
    {
        if (options.Window < 1) throw new ArgumentException("The window holds 1 message or more.", nameof(options));
        if (options.KeepMessages < 1 || options.KeepBytes < 1) throw new ArgumentException("A gateway keeps 1 message or more.", nameof(options));
        (_options, _clock, _shared) = (options, clock, shared);
        _kept = new(options.KeepMessages, options.KeepBytes);
        Epoch = options.Epoch ?? clock.GetUtcNow().ToUnixTimeSeconds();
        _seq = options.FirstSeq - 1;
        _desk = new(options, clock, () => _connection!.RebootAsync(_stopping.Token));
        _connection = new(options, clock, () => Locked(() => _kept.Queued), Hear, Connected, () => _ = ComeBackAsync());
    }

    public GatewayName Gateway => _options.Gateway;

    public long Epoch { get; }

    /// <summary>Messages of this epoch up to here are in the reading store, as the backend's <c>ack</c> says.</summary>
    public long StoredThrough => Interlocked.Read(ref _storedThrough);

    /// <summary>The number that the latest message carries; 0 before the first.</summary>
    public long LastSeq => Interlocked.Read(ref _seq);

    /// <summary>Messages kept, whether sent or not.</summary>
    public int Kept => Locked(() => _kept.Count);

    /// <summary>Messages without their PUBACK.</summary>
    public int Queued => Locked(() => _kept.Queued);

    /// <summary>What a <c>flex</c> command asks for.</summary>
    public FlexLimit? Limit => _desk.Limit;

    /// <summary>Connects once, so that a wrong address or secret shows at once. Later losses are healed by the client itself.</summary>
    /// <exception cref="GatewayFaultException">The broker does not answer, or refuses the login.</exception>
    public Task ConnectAsync(CancellationToken ct) => _connection.OpenAsync(ct);

    /// <summary>Connects, and tries again until the broker answers.</summary>
    /// <exception cref="GatewayFaultException">The login is refused.</exception>
    public Task ReconnectAsync(CancellationToken ct) => _connection.ReopenAsync(ct);

    /// <summary>Sends readings as the next message and returns once the broker has acknowledged it.</summary>
    public async Task SendAsync(IReadOnlyList<Reading> readings, CancellationToken ct)
    {
        await PostAsync(readings, ct);
        await DrainAsync(ct);
    }

    /// <summary>Sends readings as the next message; returns as soon as the window has room for it.</summary>
    /// <exception cref="GatewayFaultException">This or an earlier message was refused, or the login.</exception>
    public Task PostAsync(IReadOnlyList<Reading> readings, CancellationToken ct, Action? acknowledged = null) =>
        PostAsync(TopicKind.Readings, (epoch, seq) => Encode(new(epoch, seq, readings)), ct, acknowledged);

    /// <summary>Sends the next message; returns as soon as the window has room for it.</summary>
    /// <param name="encode">Makes the payload from the epoch and the number that it gets.</param>
    /// <exception cref="GatewayFaultException">This or an earlier message was refused, or the login.</exception>
    public async Task PostAsync(TopicKind kind, Func<long, long, byte[]> encode, CancellationToken ct, Action? acknowledged = null)
    {
        await RoomAsync(ct);
        Send(Make(kind, encode, acknowledged: acknowledged));
    }

    /// <summary>Sends a message whose maker numbered it; returns as soon as the window has room for it.</summary>
    public Task PostAsync(TopicKind kind, byte[] payload, CancellationToken ct, Action? acknowledged = null) => PostAsync(kind, (_, _) => payload, ct, acknowledged);

    /// <summary>Numbers a message and keeps it: it goes out with <see cref="Send"/>, or when the backend asks for it.</summary>
    /// <param name="tag">The caller's own number for it, for the log.</param>
    public KeptMessage Make(TopicKind kind, Func<long, long, byte[]> encode, long tag = 0, Instant? at = null, Action? acknowledged = null)
    {
        lock (_lock)
        {
            var seq = ++_seq;
            var message = new KeptMessage(Epoch, seq, kind, encode(Epoch, seq), at, tag) { Acknowledged = acknowledged };
            Keep(message);
            return message;
        }
    }

    /// <summary>Takes up a message that an earlier process numbered and kept.</summary>
    public void TakeUp(long epoch, long seq, TopicKind kind, byte[] payload, Instant? at)
    {
        lock (_lock)
        {
            var message = new KeptMessage(epoch, seq, kind, payload, at, 0);
            Keep(message);
            Queue(message);
        }
    }

    /// <summary>Sends what was made before, whether it was sent already or not; waits for nothing.</summary>
    public void Send(KeptMessage message)
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested || message.State is KeptState.Waiting or KeptState.OnItsWay) return;
            // Kept no longer, because it is stored or was given up: sent all the same, outside what is kept.
            if (!_kept.Between(message.Epoch, message.Seq, message.Seq).Contains(message)) StartRepeat(message);
            else Queue(message);
        }
    }

    /// <summary>Sends the same bytes once more, whatever became of them before; waits for nothing.</summary>
    public void Repeat(KeptMessage message)
    {
        lock (_lock)
            if (!_stopping.IsCancellationRequested) StartRepeat(message);
    }

    /// <summary>Publishes without a number and without keeping it; answers the broker's word. For what no honest gateway does.</summary>
    public async Task<string> PublishRawAsync(string topic, byte[] payload, CancellationToken ct)
    {
        await _connection.ReopenAsync(ct);
        return (await _connection.PublishAsync(GatewayConnection.Message(topic, payload), ct)).ReasonCode.ToString();
    }

    /// <summary>Returns once everything sent so far is acknowledged by the broker.</summary>
    /// <exception cref="GatewayFaultException">Something was refused.</exception>
    public Task FlushAsync() => DrainAsync(CancellationToken.None);

    /// <summary>As <see cref="FlushAsync"/>, for a caller who may give up waiting.</summary>
    public Task DrainAsync(CancellationToken ct) => UntilAsync(() => _kept.Queued + _repeating == 0, ct);

    /// <summary>Returns once the window has room; at once while the gateway is off the net, where it can only keep.</summary>
    /// <exception cref="GatewayFaultException">Something was refused.</exception>
    public Task RoomAsync(CancellationToken ct) => UntilAsync(() => _kept.Queued + _repeating < _options.Window || _connection.IsOffline, ct);

    /// <summary>Returns once the backend has stored everything that is kept.</summary>
    public Task StoredAsync(CancellationToken ct) => UntilAsync(() => _kept.Count == 0, ct);

    /// <summary>Never returns; throws once something was refused, for a caller who waits for something else meanwhile.</summary>
    public Task RefusedAsync(CancellationToken ct) => UntilAsync(() => false, ct);

    public bool IsOffline => _connection.IsOffline;

    /// <summary>Takes the gateway off the net until <see cref="GoOnline"/>; what is sent meanwhile is kept.</summary>
    public async Task GoOfflineAsync()
    {
        await _connection.GoOfflineAsync();
        lock (_lock) Changed();
    }

    public void GoOnline()
    {
        _connection.Online();
        _ = ComeBackAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _connection.Online();
        await _connection.DisposeAsync();
        await Locked(() => _pump).WaitAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock) Changed();
    }

    internal static byte[] Encode(ReadingsMessage message)
    {
        var output = new ArrayBufferWriter<byte>(256 + (message.Readings.Count * 96));
        JsonReadings.Encode(message, output);
        return output.WrittenSpan.ToArray();
    }

    // Everything below is called under the lock, unless it is asynchronous.
    private void Keep(KeptMessage message)
    {
        _kept.Add(message);
        foreach (var givenUp in _kept.Shrink())
        {
            if (_lost is [.., var last] && last.Epoch == givenUp.Epoch && last.To == givenUp.Seq - 1) _lost[^1] = last with { To = givenUp.Seq };
            else _lost.Add((givenUp.Epoch, givenUp.Seq, givenUp.Seq));
        }
    }

    private void Queue(KeptMessage message)
    {
        if (message.State is KeptState.Waiting or KeptState.OnItsWay) return;
        _kept.Move(message, KeptState.Waiting);
        StartPump();
    }

    private void StartPump()
    {
        if (_pump.IsCompleted && _failure is null && !_stopping.IsCancellationRequested && (_kept.Queued > _kept.OnTheirWay || _lost.Count > 0)) _pump = PumpAsync(_stopping.Token);
    }

    private void Changed()
    {
        _changed?.TrySetResult();
        _changed = null;
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock) return read();
    }

    private async Task UntilAsync(Func<bool> holds, CancellationToken ct)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (_failure is { } failure) throw failure;
                if (holds()) return;
                ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
                change = (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await change.WaitAsync(ct);
        }
    }

    /// <summary>Sends what waits, in the order of its numbers and one after another, until nothing does.</summary>
    private async Task PumpAsync(CancellationToken ct)
    {
        await Task.Yield(); // begun under the lock
        try
        {
            while (true)
            {
                var connection = await _connection.ReopenAsync(ct);
                List<KeptMessage> next = [];
                Task? full = null;
                lock (_lock)
                {
                    SayWhatIsLost();
                    while (_kept.OnTheirWay < _options.Window && _kept.NextWaiting() is { } message)
                    {
                        _kept.Move(message, KeptState.OnItsWay);
                        next.Add(message);
                    }

                    if (next.Count == 0 && _kept.NextWaiting() is null)
                    {
                        _pump = Task.CompletedTask;
                        return;
                    }

                    if (next.Count == 0) full = (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }

                if (full is not null) await full.WaitAsync(ct);
                // One wait for the disk for all that fits the window.
                if (_options.Log is { } log) await Task.WhenAll(next.Select(message => log.SendingAsync(Gateway, message).AsTask()));
                foreach (var message in next)
                {
                    if (_shared is not null) await _shared.WaitAsync(ct);
                    _ = DeliverAsync(message, connection, ct);
                }
            }
        }
        catch (Exception failed)
        {
            Fail(failed);
        }
    }

    private async Task DeliverAsync(KeptMessage message, int connection, CancellationToken ct)
    {
        try
        {
            var accepted = false;
            for (var attempt = 0; attempt <= QuotaAttempts && !accepted; attempt++)
            {
                if (attempt > 0) await _connection.PauseAsync(attempt, ct);
                if (await TryPublishAsync(message, connection, ct) is not { } result) break;
                _options.Log?.PubAck(Gateway, message, result.ReasonCode.ToString());
                accepted = result.IsSuccess; // with nobody subscribed too
                if (!accepted && (result.ReasonCode != MqttClientPublishReasonCode.QuotaExceeded || attempt == QuotaAttempts))
                    throw GatewayRefusedException.Publish(Gateway, Topics.Of(Gateway, message.Kind), result.ReasonCode.ToString());
            }

            Delivered(message, accepted);
        }
        catch (Exception failed)
        {
            Fail(failed);
        }
        finally
        {
            _shared?.Release();
        }
    }

    /// <returns>Null if the connection went, or no PUBACK came: a message may be sent again only on a new connection.</returns>
    private async Task<MqttClientPublishResult?> TryPublishAsync(KeptMessage message, int connection, CancellationToken ct)
    {
        try
        {
            using var timeout = new CancellationTokenSource(_options.PubAckTimeout, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
            return await _connection.PublishAsync(GatewayConnection.Message(Gateway, message), either.Token);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            await _connection.DropAsync(connection);
            return null;
        }
    }

    private void Delivered(KeptMessage message, bool accepted)
    {
        Action? acknowledged = null;
        lock (_lock)
        {
            _kept.Move(message, accepted ? KeptState.Sent : KeptState.Waiting);
            if (accepted)
            {
                (acknowledged, message.Acknowledged) = (message.Acknowledged, null);
                if (message.Epoch == Epoch && message.Seq <= StoredThrough) _kept.Remove(message);
            }

            Changed();
            StartPump();
        }

        acknowledged?.Invoke();
    }

    private void Fail(Exception failed)
    {
        lock (_lock)
        {
            if (!_stopping.IsCancellationRequested) _failure ??= failed;
            Changed();
        }
    }

    private void StartRepeat(KeptMessage message)
    {
        _repeating++;
        _ = RepeatAsync(message);
    }

    /// <summary>Beside what is kept; whether it arrives is all the same.</summary>
    private async Task RepeatAsync(KeptMessage message)
    {
        var shared = false;
        try
        {
            await Task.Yield();
            await _connection.ReopenAsync(_stopping.Token);
            if (_shared is not null) await _shared.WaitAsync(_stopping.Token);
            shared = _shared is not null;
            if (_options.Log is { } log) await log.SendingAsync(Gateway, message);
            var result = await _connection.PublishAsync(GatewayConnection.Message(Gateway, message), _stopping.Token);
            _options.Log?.PubAck(Gateway, message, result.ReasonCode.ToString());
        }
        catch (Exception gone)
        {
            if (!_stopping.IsCancellationRequested) _options.Notice?.Invoke($"{Gateway}: a repetition did not arrive ({gone.Message})");
        }
        finally
        {
            if (shared) _shared!.Release();
            lock (_lock)
            {
                _repeating--;
                Changed();
            }
        }
    }
}
