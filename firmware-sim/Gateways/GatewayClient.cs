using System.Buffers;
using Grid.Domain;
using Grid.Wire;
using MQTTnet;

namespace Grid.FirmwareSim;

/// <summary>
/// One gateway as the contract has it: QoS 1, a bounded number of messages on their way, and the same bytes again after a lost
/// connection until the broker has acknowledged them. Safe for one sender at a time.
/// </summary>
public sealed class GatewayClient : IAsyncDisposable
{
    private const int QuotaAttempts = 6;

    private readonly GatewayClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly GatewayConnection _connection;
    private readonly SemaphoreSlim _window;
    private readonly SemaphoreSlim? _shared;
    private readonly HashSet<Task> _pending = [];
    private readonly Lock _lock = new();
    private long _seq;
    private long _storedThrough;
    private int _buffered;
    private volatile Exception? _failure;

    /// <param name="shared">A bound over several gateways; null for none.</param>
    public GatewayClient(GatewayClientOptions options, TimeProvider clock, SemaphoreSlim? shared = null)
    {
        if (options.Window < 1) throw new ArgumentException("The window holds 1 message or more.", nameof(options));
        (_options, _clock, _shared) = (options, clock, shared);
        _window = new(options.Window, options.Window);
        Epoch = options.Epoch ?? clock.GetUtcNow().ToUnixTimeSeconds();
        _connection = new(options, clock, () => Volatile.Read(ref _buffered), Acknowledged);
    }

    public GatewayName Gateway => _options.Gateway;

    public long Epoch { get; }

    /// <summary>Messages of this epoch up to here are in the reading store, as the backend's <c>ack</c> says.</summary>
    public long StoredThrough => Interlocked.Read(ref _storedThrough);

    /// <summary>The number that the latest message carries; 0 before the first.</summary>
    public long LastSeq => Interlocked.Read(ref _seq);

    /// <summary>Connects once, so that a wrong address or secret shows at once. Later losses are healed by the client itself.</summary>
    /// <exception cref="GatewayFaultException">The broker does not answer, or refuses the login.</exception>
    public Task ConnectAsync(CancellationToken ct) => _connection.OpenAsync(ct);

    /// <summary>Numbers a message for this epoch. Every number that was taken must be sent.</summary>
    public long NextSeq() => Interlocked.Increment(ref _seq);

    /// <summary>Sends readings as the next message and returns once the broker has acknowledged it.</summary>
    public async Task SendAsync(IReadOnlyList<Reading> readings, CancellationToken ct)
    {
        await PostAsync(readings, ct);
        await FlushAsync();
    }

    /// <summary>Sends readings as the next message; returns as soon as the window has room for another.</summary>
    public Task PostAsync(IReadOnlyList<Reading> readings, CancellationToken ct, Action? acknowledged = null) =>
        PostAsync(TopicKind.Readings, Encode(new(Epoch, NextSeq(), readings)), ct, acknowledged);

    /// <summary>Sends a message as it is; returns as soon as it is on its way.</summary>
    /// <exception cref="GatewayFaultException">This or an earlier message was refused, or the login.</exception>
    public async Task PostAsync(TopicKind kind, byte[] payload, CancellationToken ct, Action? acknowledged = null)
    {
        await _window.WaitAsync(ct);
        try
        {
            if (_shared is not null) await _shared.WaitAsync(ct);
        }
        catch
        {
            _window.Release();
            throw;
        }

        Interlocked.Increment(ref _buffered);
        var delivery = DeliverAsync(GatewayConnection.Message(Topics.Of(Gateway, kind), payload), acknowledged, ct);
        lock (_lock)
        {
            _pending.RemoveWhere(task => task.IsCompletedSuccessfully);
            _pending.Add(delivery);
        }

        if (_failure is { } failure) throw failure;
    }

    /// <summary>Returns once everything sent so far is acknowledged.</summary>
    /// <exception cref="GatewayFaultException">Something was refused.</exception>
    public Task FlushAsync()
    {
        lock (_lock) return Task.WhenAll([.. _pending]);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _window.Dispose();
    }

    internal static byte[] Encode(ReadingsMessage message)
    {
        var output = new ArrayBufferWriter<byte>(256 + (message.Readings.Count * 96));
        JsonReadings.Encode(message, output);
        return output.WrittenSpan.ToArray();
    }

    private async Task DeliverAsync(MqttApplicationMessage message, Action? acknowledged, CancellationToken ct)
    {
        try
        {
            for (var attempt = 0; !await TryPublishAsync(message, attempt, ct); attempt++)
                await _connection.PauseAsync(attempt, ct);
            acknowledged?.Invoke();
        }
        catch (Exception failed)
        {
            _failure ??= failed;
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _buffered);
            _shared?.Release();
            _window.Release();
        }
    }

    /// <returns>False if the message must be sent again.</returns>
    private async Task<bool> TryPublishAsync(MqttApplicationMessage message, int attempt, CancellationToken ct)
    {
        var connection = await _connection.ReopenAsync(ct);
        MqttClientPublishResult result;
        try
        {
            using var timeout = new CancellationTokenSource(_options.PubAckTimeout, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
            result = await _connection.PublishAsync(message, either.Token);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            // The connection went, or no PUBACK came. A message may be sent again only on a new connection.
            await _connection.DropAsync(connection);
            return false;
        }

        if (result.IsSuccess) return true; // with nobody subscribed too
        if (result.ReasonCode == MqttClientPublishReasonCode.QuotaExceeded && attempt < QuotaAttempts) return false;
        throw GatewayRefusedException.Publish(Gateway, message.Topic, result.ReasonCode.ToString());
    }

    private void Acknowledged(AckMessage ack)
    {
        foreach (var epoch in ack.Epochs.Where(e => e.Epoch == Epoch))
            if (epoch.StoredThrough > StoredThrough) Interlocked.Exchange(ref _storedThrough, epoch.StoredThrough);
    }
}
