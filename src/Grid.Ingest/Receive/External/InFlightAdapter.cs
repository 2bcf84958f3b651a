using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Channel;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Grid.Ingest;

/// <summary>
/// One connection of ingest's client. MQTTnet reads from the socket into a queue without a bound, and brokers go beyond the
/// receive maximum: so no packet is read while as many messages as may wait are not on our disk. PUBACKs go out many at a time,
/// past MQTTnet, which makes a system call of each. Reading does not wait for them: a client that reads nothing because it cannot
/// write may stand for ever, as its full receive buffer has the kernel drop even the segments that say there is room to write.
/// </summary>
/// <param name="channel">What <paramref name="inner"/> sends and receives by.</param>
internal sealed class InFlightAdapter(IMqttChannelAdapter inner, IMqttChannel channel, int most, TimeProvider clock) : IMqttChannelAdapter
{
    /// <summary>A broker that has neither read our PUBACKs nor sent anything for so long never will.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>PUBACKs that may wait for a broker that is slow to read them; eight bytes each.</summary>
    public const int MostUnsent = 1_000_000;

    /// <summary>PUBACKs in one write.</summary>
    public const int MostTogether = 4_096;

    private const uint SuccessfulPuback = 0x4002_0000; // without a reason code; then the packet identifier
    private const int PubackBytes = 4;
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private readonly Channel<ushort> _committed = Channel.CreateUnbounded<ushort>(new() { SingleReader = true });
    private readonly SemaphoreSlim _places = new(most, most);
    private readonly CancellationTokenSource _ended = new();
    private int _inFlight;
    private int _unsent;
    private volatile bool _heard;
    private volatile bool _writing;
    private volatile bool _draining;
    private volatile bool _asked; // by a PINGREQ that has no answer yet
    private volatile bool _answered;

    /// <summary>Messages that came by this connection and have no PUBACK yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public bool IsOpen => !_ended.IsCancellationRequested;

    /// <summary>Why we left it; null if that was not our doing.</summary>
    public string? LeftBecause { get; private set; }

    public long BytesReceived => inner.BytesReceived;

    public long BytesSent => inner.BytesSent;

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint? LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => inner.PacketFormatterAdapter;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await inner.ConnectAsync(cancellationToken);
        _ = SendPubacksAsync();
    }

    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        await _ended.CancelAsync(); // whoever waits for a place waits in vain
        await inner.DisconnectAsync(cancellationToken);
    }

    public void Dispose()
    {
        _ended.Cancel();
        inner.Dispose();
    }

    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        if (_answered) return Pong();
        if ((IsHeldUp || !await _places.WaitAsync(0, CancellationToken.None)) && !await HasPlaceAsync(cancellationToken)) return Pong();
        var packet = await inner.ReceivePacketAsync(cancellationToken);
        _heard = true;
        if (packet is MqttPingRespPacket) _asked = false;
        _answered = _asked && packet is not null;
        if (packet is not MqttPublishPacket publish)
        {
            _places.Release();
            return packet;
        }

        ArrivedBy<InFlightAdapter>.Mark(publish, this);
        if (publish.QualityOfServiceLevel is not MqttQualityOfServiceLevel.AtMostOnce) Interlocked.Increment(ref _inFlight);
        return packet;
    }

    public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttPingReqPacket)
        {
            _asked = true;
            if (_writing) return Task.CompletedTask; // the PUBACKs tell the broker the same, and it would stand behind them
        }

        return inner.SendPacketAsync(packet, cancellationToken);
    }

    /// <summary>A message that needs no PUBACK no longer waits in MQTTnet's queue.</summary>
    public void Taken() => _places.Release();

    /// <summary>A message that came by this connection is on disk: its place is free, its PUBACK goes out when its turn comes.</summary>
    public void Acknowledge(ushort packetIdentifier)
    {
        Interlocked.Increment(ref _unsent);
        _committed.Writer.TryWrite(packetIdentifier);
        _places.Release();
    }

    // Mosquitto reads one packet of a client in a turn, whatever waits there: under load the PINGREQ stands behind all PUBACKs of a minute,
    // and would be given up. A broker that sends us messages is there; so is one whose messages wait because of us.
    private MqttPingRespPacket Pong()
    {
        (_asked, _answered) = (false, false);
        return MqttPingRespPacket.Instance;
    }

    private bool IsHeldUp => _draining || !IsOpen || Volatile.Read(ref _unsent) >= MostUnsent;

    /// <returns>False if there is none yet, and MQTTnet wants to know whether the broker is there.</returns>
    private async Task<bool> HasPlaceAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _ended.Token);
        while (IsHeldUp)
        {
            await Task.Delay(_draining ? Timeout.InfiniteTimeSpan : Glance, clock, either.Token);
            if (_asked) return false;
        }

        while (!await _places.WaitAsync(Glance, either.Token))
            if (_asked) return false;
        if (_draining) await Task.Delay(Timeout.InfiniteTimeSpan, clock, either.Token); // it began meanwhile
        return true;
    }

    // In the order of the commits.
    private async Task SendPubacksAsync()
    {
        var bytes = new byte[MostTogether * PubackBytes];
        try
        {
            while (await _committed.Reader.WaitToReadAsync(_ended.Token))
            {
                var pubacks = 0;
                while (pubacks < MostTogether && _committed.Reader.TryRead(out var packetIdentifier))
                    BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(pubacks++ * PubackBytes), SuccessfulPuback | packetIdentifier);
                await WriteAsync(new(bytes, 0, pubacks * PubackBytes));
                Interlocked.Add(ref _inFlight, -pubacks);
                Interlocked.Add(ref _unsent, -pubacks);
            }
        }
        catch (Exception) when (!IsOpen)
        {
            // without PUBACK they come again, and are then duplicates
        }
        catch (Exception failure)
        {
            LeftBecause = failure.Message;
            Dispose();
        }
    }

    private async Task WriteAsync(ReadOnlySequence<byte> pubacks)
    {
        (_writing, _heard) = (true, false);
        var writing = channel.WriteAsync(pubacks, true, _ended.Token);
        while (true)
        {
            try
            {
                await writing.WaitAsync(Patience, clock, _ended.Token);
                _writing = false;
                return;
            }
            catch (TimeoutException silence)
            {
                if (!_heard) throw new TimeoutException($"it has neither read our PUBACKs nor sent anything for {Patience.TotalSeconds} s", silence);
                _heard = false;
            }
        }
    }

    /// <summary>Reads no further packet; what is in flight may still be acknowledged.</summary>
    public void Drain() => _draining = true;

    public void ResetStatistics() => inner.ResetStatistics();

    /// <summary>Makes them: each connection counts for itself.</summary>
    internal sealed class Factory(int most, TimeProvider clock) : IMqttClientAdapterFactory
    {
        private volatile WeakReference<InFlightAdapter>? _newest; // its client disposes it

        public InFlightAdapter? Newest => _newest is { } newest && newest.TryGetTarget(out var adapter) ? adapter : null;

        public IMqttChannelAdapter CreateClientAdapter(MqttClientOptions options, MqttPacketInspector packetInspector, IMqttNetLogger logger)
        {
            var channel = new SharedChannel(new MqttTcpChannel(options));
            var packets = new MqttPacketFormatterAdapter(options.ProtocolVersion, new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax));
            // Not in fragments: each packet is one write, between which PUBACKs may go out.
            var adapter = new InFlightAdapter(new MqttChannelAdapter(channel, packets, logger) { AllowPacketFragmentation = false, PacketInspector = packetInspector }, channel, most, clock);
            _newest = new(adapter);
            return adapter;
        }
    }
}
