using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grid.Ingest;
using MQTTnet.Channel;

namespace Grid.UnitTests.Ingest.Receive;

public sealed class SharedChannelTests : IDisposable
{
    private readonly Peer _peer = new();
    private readonly SharedChannel _channel;

    public SharedChannelTests() => _channel = new(_peer);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_small_reads_are_one_of_the_socket_and_give_every_byte_in_order()
    {
        _peer.Sends(1, 2, 3, 4, 5, 6, 7);
        _peer.Sends(8, 9);
        List<byte> received = [];
        foreach (var count in (int[])[2, 4, 2, 1, 1])
        {
            var buffer = new byte[count + 1];
            var read = await _channel.ReadAsync(buffer, 1, count, Stop);
            received.AddRange(buffer[1..(read + 1)]);
        }

        received.Should().Equal(1, 2, 3, 4, 5, 6, 7, 8, 9);
        _peer.Reads.Should().Be(2);
    }

    [Fact]
    public async Task The_end_of_the_stream_is_told_after_its_last_byte()
    {
        _peer.Sends(1);
        _peer.Sends();
        var buffer = new byte[8];

        (await _channel.ReadAsync(buffer, 0, 8, Stop)).Should().Be(1);
        (await _channel.ReadAsync(buffer, 0, 8, Stop)).Should().Be(0);
    }

    [Fact]
    public async Task A_write_waits_for_the_one_before_it()
    {
        var first = _channel.WriteAsync(new([1]), isEndOfPacket: true, Stop);
        var second = _channel.WriteAsync(new([2]), isEndOfPacket: true, Stop);

        _peer.Written.Should().Equal(1);
        _peer.Taken.SetResult();
        await first;
        await second;
        _peer.Written.Should().Equal(1, 2);
    }

    public void Dispose() => _channel.Dispose();

    /// <summary>The other end: each send of its is one read.</summary>
    private sealed class Peer : IMqttChannel
    {
        private readonly Queue<byte[]> _sent = new();

        public TaskCompletionSource Taken { get; } = new();

        public List<byte> Written { get; } = [];

        public int Reads { get; private set; }

        public X509Certificate2? ClientCertificate => null;

        public EndPoint? RemoteEndPoint => null;

        public EndPoint? LocalEndPoint => null;

        public bool IsSecureConnection => false;

        public void Sends(params byte[] bytes) => _sent.Enqueue(bytes);

        public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            var bytes = _sent.Dequeue();
            bytes.CopyTo(buffer, offset);
            Reads++;
            return Task.FromResult(bytes.Length);
        }

        public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
        {
            Written.AddRange(buffer.ToArray());
            return Taken.Task;
        }

        public void Dispose()
        {
        }
    }
}
