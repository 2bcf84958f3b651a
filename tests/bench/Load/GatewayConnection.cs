using System.Buffers.Binary;
using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Grid.Benchmarks;

/// <summary>
/// One connection of the load. Its n-th message is its turn n; a message without its PUBACK is sent again on the next connection,
/// as a gateway does. One task sends and receives in turn, so nothing here is shared but the counters that others read.
/// </summary>
internal sealed class GatewayConnection
{
    private const int LargestBuffer = 64 * 1024;
    private const int ResentAtOnce = 500;
    private static readonly TimeSpan BackOff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly int _index;
    private readonly LoadOptions _options;
    private readonly LatencyHistogram _latency;
    private readonly long _turns;
    private readonly byte[] _sending;
    private readonly byte[] _received = new byte[4096];
    private readonly long[] _turnOf; // by packet id less one; -1 is free
    private readonly long[] _sentAt;
    private readonly Stack<int> _free = new();
    private readonly Queue<long> _again = new();
    private readonly BitArray _acknowledged = new(64);
    private Socket? _socket;
    private int _filled; // of _received
    private long _next;
    private long _storedThrough;
    private long _progressAt;

    public GatewayConnection(int index, LoadOptions options, LatencyHistogram latency)
    {
        (_index, _options, _latency) = (index, options, latency);
        _turns = options.Messages == long.MaxValue ? long.MaxValue : (options.Messages - index + options.Connections - 1) / options.Connections;
        var largest = options.Workload.MaxPayloadBytes + 64;
        _sending = new byte[Math.Max(largest, Math.Min(options.Window * largest, LargestBuffer))];
        (_turnOf, _sentAt) = (new long[options.Window], new long[options.Window]);
        ForgetInFlight();
    }

    public long Sent => _next;

    public long Acknowledged { get; private set; }

    public long Reconnects { get; private set; }

    public long Resent { get; private set; }

    public bool IsConnected => _socket is not null;

    private int InFlight => _options.Window - _free.Count;

    public IEnumerable<long> AcknowledgedTurns()
    {
        for (var turn = 0; turn < Math.Min(_next, _acknowledged.Length); turn++)
            if (_acknowledged[turn]) yield return turn;
    }

    public async Task ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(ConnectTimeout);
            await socket.ConnectAsync(IPAddress.Loopback, _options.Port, patience.Token);
            var (clientId, user, password) = _options.Login(_index);
            await SendAllAsync(socket, MqttPackets.Connect(clientId, user, password), patience.Token);
            _filled = 0;
            await AwaitConnackAsync(socket, clientId, patience.Token);
            if (_options.KeepUntilAck)
            {
                foreach (var kind in (string[])["ack", "backfill"])
                    await SendAllAsync(socket, MqttPackets.Subscribe($"grid/v1/{Workload.NameOf(_index)}/{kind}"), patience.Token);
            }

            _socket = socket;
            _progressAt = Stopwatch.GetTimestamp();
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException($"The broker did not answer within {ConnectTimeout.TotalSeconds} s.", late);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task RunAsync(long start, CancellationToken noMore, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                if (_socket is null) await ConnectAsync(ct);
                await ServeAsync(_socket!, start, noMore, ct);
                return;
            }
            catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException && !ct.IsCancellationRequested)
            {
                Drop();
                await Task.Delay(BackOff, ct);
            }
        }
    }

    public async Task CloseAsync()
    {
        if (_socket is not { } socket) return;
        _socket = null;
        try
        {
            await SendAllAsync(socket, MqttPackets.Disconnect(), CancellationToken.None);
        }
        catch (SocketException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }

    private static async ValueTask SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, ct)..];
    }

    private async Task AwaitConnackAsync(Socket socket, string clientId, CancellationToken ct)
    {
        while (true)
        {
            _filled += await ReceiveAsync(socket, ct);
            if (!MqttPackets.TryRead(_received.AsSpan(0, _filled), out var type, out var body, out var consumed)) continue;
            if (type != MqttPackets.Connack || body[1] >= MqttPackets.FirstRefusal) throw new IOException($"The broker refused {clientId}: 0x{body[1]:X2}.");
            _received.AsSpan(consumed.._filled).CopyTo(_received);
            _filled -= consumed;
            return;
        }
    }

    private async ValueTask<int> ReceiveAsync(Socket socket, CancellationToken ct)
    {
        var bytes = await socket.ReceiveAsync(_received.AsMemory(_filled), ct);
        return bytes > 0 ? bytes : throw new IOException("The broker closed the connection.");
    }

    private async Task ServeAsync(Socket socket, long start, CancellationToken noMore, CancellationToken ct)
    {
        // Only who waits for more than PUBACKs needs the timer, which costs more than a message.
        var timed = _options.MessagesASecond is not null || _options.KeepUntilAck;
        Task<int>? receiving = null;
        while (true)
        {
            if (_options.KeepUntilAck) ResendAfterSilence();
            await FillAsync(socket, start, noMore, ct);
            if (IsDone(noMore)) return;
            if (timed)
            {
                receiving ??= ReceiveAsync(socket, ct).AsTask();
                await Task.WhenAny(receiving, Task.Delay(UntilDue(start), ct));
                ct.ThrowIfCancellationRequested();
                if (!receiving.IsCompleted) continue;
                _filled += await receiving;
                receiving = null;
            }
            else _filled += await ReceiveAsync(socket, ct);

            TakePackets();
        }
    }

    private bool IsDone(CancellationToken noMore) =>
        (_next >= _turns || noMore.IsCancellationRequested) && InFlight == 0 && _again.Count == 0 && (!_options.KeepUntilAck || _storedThrough >= _next);

    private TimeSpan DueAt(long turn) =>
        _options.MessagesASecond is { } rate ? TimeSpan.FromSeconds(((turn * _options.Connections) + _index) / rate) : TimeSpan.Zero;

    private TimeSpan UntilDue(long start)
    {
        var wait = DueAt(_next) - Stopwatch.GetElapsedTime(start);
        return _next >= _turns || InFlight == _options.Window || wait > TimeSpan.FromSeconds(1) ? TimeSpan.FromMilliseconds(500)
            : wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1);
    }

    private async ValueTask FillAsync(Socket socket, long start, CancellationToken noMore, CancellationToken ct)
    {
        // Packets travel in company: a send for each PUBACK would cost more than the message.
        if (_options.MessagesASecond is null && InFlight > _options.Window - Math.Max(1, _options.Window / 4)) return;
        var filled = 0;
        var elapsed = Stopwatch.GetElapsedTime(start);
        while (_free.Count > 0)
        {
            if (_again.TryDequeue(out var turn)) Resent++;
            else if (_next < _turns && !noMore.IsCancellationRequested && DueAt(_next) <= elapsed) turn = _next++;
            else break;
            filled += Put(_sending.AsSpan(filled), turn);
            if (filled + _options.Workload.MaxPayloadBytes + 64 <= _sending.Length) continue;
            await SendAllAsync(socket, _sending.AsMemory(0, filled), ct);
            filled = 0;
        }

        if (filled > 0) await SendAllAsync(socket, _sending.AsMemory(0, filled), ct);
    }

    private int Put(Span<byte> to, long turn)
    {
        var slot = _free.Pop();
        (_turnOf[slot], _sentAt[slot]) = (turn, Stopwatch.GetTimestamp());
        var message = (turn * _options.Connections) + _index;
        var topic = _options.Workload.TopicOf(message);
        var payloadAt = MqttPackets.PayloadAt(topic);
        var payloadBytes = _options.Workload.WritePayload(message, to[payloadAt..]);
        MqttPackets.WritePublishHead(to, topic, (ushort)(slot + 1), payloadBytes);
        return payloadAt + payloadBytes;
    }

    private void TakePackets()
    {
        var taken = 0;
        while (MqttPackets.TryRead(_received.AsSpan(taken.._filled), out var type, out var body, out var consumed))
        {
            taken += consumed;
            switch (type)
            {
                case MqttPackets.Puback: TakePuback(body); break;
                case MqttPackets.Publish: TakeMail(body); break;
                case MqttPackets.Suback when body[^1] < MqttPackets.FirstRefusal: break;
                default: throw new IOException($"The broker ended the connection with packet type {type}.");
            }
        }

        _received.AsSpan(taken.._filled).CopyTo(_received);
        _filled -= taken;
        if (_filled == _received.Length) throw new InvalidOperationException("A packet of the broker is larger than the bench expects.");
    }

    private void TakePuback(ReadOnlySpan<byte> body)
    {
        var slot = BinaryPrimitives.ReadUInt16BigEndian(body) - 1;
        var turn = _turnOf[slot];
        if (turn < 0) return;
        _turnOf[slot] = -1;
        _free.Push(slot);
        if (body.Length > 2 && body[2] >= MqttPackets.FirstRefusal)
        {
            _again.Enqueue(turn);
            return;
        }

        _latency.Add(Stopwatch.GetElapsedTime(_sentAt[slot]));
        if (turn >= _acknowledged.Length) _acknowledged.Length = Math.Max((int)turn + 1, _acknowledged.Length * 2);
        if (_acknowledged[(int)turn]) return;
        _acknowledged[(int)turn] = true;
        Acknowledged++;
    }

    private void TakeMail(ReadOnlySpan<byte> body)
    {
        var (topic, payload) = MqttPackets.ReadPublish(body);
        using var json = JsonDocument.Parse(payload);
        if (topic.EndsWith("/ack", StringComparison.Ordinal))
        {
            var through = json.RootElement.GetProperty("epochs").EnumerateArray().Where(e => e.GetProperty("epoch").GetInt64() == Workload.Epoch)
                .Select(e => e.GetProperty("storedThrough").GetInt64()).DefaultIfEmpty(0).Max();
            if (through > _storedThrough) (_storedThrough, _progressAt) = (through, Stopwatch.GetTimestamp());
        }
        else if (json.RootElement.GetProperty("epoch").GetInt64() == Workload.Epoch)
        {
            Resend(json.RootElement.GetProperty("from").GetInt64() - 1, json.RootElement.GetProperty("to").GetInt64());
        }
    }

    private void ResendAfterSilence()
    {
        if (_storedThrough >= _next || _again.Count > 0 || Stopwatch.GetElapsedTime(_progressAt) < Silence) return;
        Resend(_storedThrough, _next);
        _progressAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Queues what is kept from turn <paramref name="from"/> on, without <paramref name="to"/>.</summary>
    private void Resend(long from, long to)
    {
        var end = Math.Min(Math.Min(to, _next), from + ResentAtOnce);
        for (var turn = Math.Max(from, _storedThrough); turn < end; turn++)
            if (!_turnOf.Contains(turn) && !_again.Contains(turn)) _again.Enqueue(turn);
    }

    private void Drop()
    {
        if (_socket is null) return;
        _socket.Dispose();
        _socket = null;
        Reconnects++;
        foreach (var turn in _turnOf.Where(t => t >= 0).Order()) _again.Enqueue(turn);
        ForgetInFlight();
        if (_options.KeepUntilAck) Resend(_storedThrough, _next);
    }

    private void ForgetInFlight()
    {
        Array.Fill(_turnOf, -1);
        _free.Clear();
        for (var slot = _options.Window - 1; slot >= 0; slot--) _free.Push(slot);
    }
}
