using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;

namespace Grid.Ingest;

/// <summary>
/// A channel that two may write to, MQTTnet and ourselves, one write at a time. It reads ahead: MQTTnet asks for two bytes, then for the rest
/// of one packet, and each would be a system call.
/// </summary>
internal sealed class SharedChannel(IMqttChannel inner) : IMqttChannel
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly byte[] _ahead = new byte[64 * 1024];
    private int _next; // of _ahead
    private int _filled;

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint? LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_next < _filled) return Task.FromResult(Take(buffer.AsSpan(offset, count)));
        return count < _ahead.Length ? ReadAheadAsync(buffer.AsMemory(offset, count), cancellationToken) : inner.ReadAsync(buffer, offset, count, cancellationToken);
    }

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await inner.WriteAsync(buffer, isEndOfPacket, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<int> ReadAheadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        (_next, _filled) = (0, await inner.ReadAsync(_ahead, 0, _ahead.Length, ct));
        return Take(buffer.Span);
    }

    private int Take(Span<byte> to)
    {
        var taken = Math.Min(to.Length, _filled - _next);
        _ahead.AsSpan(_next, taken).CopyTo(to);
        _next += taken;
        return taken;
    }

    public void Dispose() => inner.Dispose(); // not the lock: who waits for it is to hear of the channel
}
