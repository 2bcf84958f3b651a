using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet.Channel;

namespace Grid.Ingest;

/// <summary>
/// A gateway's socket. MQTTnet makes room for a whole packet as soon as it knows how long that says it is: this looks at the
/// header first, and MQTTnet never hears of a packet that is too large.
/// </summary>
internal sealed class GuardedChannel(Socket socket, Stream stream, X509Certificate2? certificate, TimeProvider clock) : IMqttChannel
{
    private const int MaxTopicBytes = 256;
    private const int BytesAhead = 512; // MQTTnet asks for two bytes, then for the rest of the packet: a small one in one system call
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(2);

    private readonly Stream _incoming = stream is SslStream ? stream : new BufferedStream(stream, BytesAhead);
    private readonly PacketBorders _borders = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _readingSince;
    private long _writingSince;
    private volatile bool _draining;

    /// <summary>Whether a packet of this kind and length may be read.</summary>
    public Func<int, int, bool> Admits { get; set; } = (_, _) => true;

    /// <summary>Told of a packet that may not be read: its topic, if it has one, and its length.</summary>
    public Func<string?, int, Task> Refused { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Waited for before each packet.</summary>
    public Func<TimeSpan> Pace { get; set; } = () => TimeSpan.Zero;

    public X509Certificate2? ClientCertificate => certificate;

    public EndPoint? RemoteEndPoint { get; } = socket.RemoteEndPoint;

    public EndPoint? LocalEndPoint { get; } = socket.LocalEndPoint;

    public bool IsSecureConnection => stream is SslStream;

    public bool IsOpen => !_closed.Task.IsCompleted;

    /// <summary>For how long a packet has been on its way in, or one out.</summary>
    public (TimeSpan Reading, TimeSpan Writing) Busy() => (Since(ref _readingSince), Since(ref _writingSince));

    /// <summary>Begins no further packet.</summary>
    public void Drain() => _draining = true;

    public Task ConnectAsync(CancellationToken cancellationToken) => throw new NotSupportedException("A gateway connects, not the broker.");

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            var begins = _borders.AtBorder;
            if (begins && !await MayBeginAsync(cancellationToken)) return 0;
            var read = await _incoming.ReadAsync(buffer.AsMemory(offset, count), cancellationToken);
            if (read == 0) return 0;
            if (begins && _draining) await _closed.Task; // what is not acknowledged comes again
            if (begins) Interlocked.Exchange(ref _readingSince, clock.GetTimestamp());
            if (_borders.Follow(buffer.AsSpan(offset, read)) && !Admits(_borders.Kind, _borders.RemainingBytes)) return await RefuseAsync(cancellationToken);
            if (_borders.AtBorder) Interlocked.Exchange(ref _readingSince, 0);
            return read;
        }
        catch (Exception gone) when (gone is ObjectDisposedException or IOException or SocketException or NotSupportedException) // the last is BufferedStream's word for closed
        {
            return 0;
        }
    }

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _writingSince, clock.GetTimestamp());
        try
        {
            foreach (var part in buffer) await stream.WriteAsync(part, cancellationToken);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or IOException or SocketException)
        {
            Dispose();
        }
        finally
        {
            Interlocked.Exchange(ref _writingSince, 0);
        }
    }

    public void Dispose()
    {
        if (!_closed.TrySetResult()) return;
        stream.Dispose();
        socket.Dispose();
    }

    private TimeSpan Since(ref long timestamp)
    {
        var since = Interlocked.Read(ref timestamp);
        return since == 0 ? TimeSpan.Zero : clock.GetElapsedTime(since);
    }

    private async Task<bool> MayBeginAsync(CancellationToken ct)
    {
        var wait = Pace();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, ct);
        if (stream is SslStream secure) await WaitForBytesAsync(secure, ct);
        return IsOpen;
    }

    // A read of nothing ends when there is something: an idle connection holds no buffer meanwhile.
#pragma warning disable CA2022 // nothing was asked for
    private static async Task WaitForBytesAsync(SslStream stream, CancellationToken ct) => _ = await stream.ReadAsync(Memory<byte>.Empty, ct);
#pragma warning restore CA2022

    private async Task<int> RefuseAsync(CancellationToken ct)
    {
        var (length, topic) = (_borders.RemainingBytes, await TopicAsync(ct));
        await Refused(topic, length);
        await LingerAsync(ct);
        return 0;
    }

    private async Task<string?> TopicAsync(CancellationToken ct)
    {
        const int Publish = 3;
        if (_borders.Kind != Publish) return null;
        var size = new byte[2];
        await _incoming.ReadExactlyAsync(size, ct);
        var topic = new byte[Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(size), MaxTopicBytes)];
        await _incoming.ReadExactlyAsync(topic, ct);
        return Encoding.UTF8.GetString(topic);
    }

    // Closed with bytes unread, the kernel answers with a reset, and the gateway may never see why.
    private async Task LingerAsync(CancellationToken ct)
    {
        socket.Shutdown(SocketShutdown.Send);
        using var enough = new CancellationTokenSource(LingerTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, ct);
        var waste = new byte[4096];
        try
        {
            while (await _incoming.ReadAsync(waste, either.Token) > 0) Interlocked.Exchange(ref _readingSince, clock.GetTimestamp());
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // Long enough.
        }
    }
}
