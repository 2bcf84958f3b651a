using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography.X509Certificates;
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
/// receive maximum: so no packet is read while as many messages as may wait have no PUBACK yet. PUBACKs go out many at a time,
/// past MQTTnet, which makes a system call of each.
/// </summary>
/// <param name="channel">What <paramref name="inner"/> sends and receives by.</param>
internal sealed class InFlightAdapter(IMqttChannelAdapter inner, IMqttChannel channel, int most, TimeProvider clock) : IMqttChannelAdapter
{
    /// <summary>A broker that has not read our PUBACKs for so long never will.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const uint SuccessfulPuback = 0x4002_0000; // without a reason code; then the packet identifier
    private const int PubackBytes = 4;
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _places = new(most, most);
    private readonly CancellationTokenSource _ended = new();
    private int _inFlight;
    private volatile bool _draining;
    private volatile bool _asked; // by a PINGREQ that has no answer yet
    private volatile bool _answered;

    /// <summary>Messages that came by this connection and have no PUBACK yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public bool IsOpen => !_ended.IsCancellationRequested;

    public long BytesReceived => inner.BytesReceived;

    public long BytesSent => inner.BytesSent;

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint? LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => inner.PacketFormatterAdapter;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

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
        if ((_draining || !IsOpen || !await _places.WaitAsync(0, CancellationToken.None)) && !await HasPlaceAsync(cancellationToken)) return Pong();
        var packet = await inner.ReceivePacketAsync(cancellationToken);
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
        if (packet is MqttPingReqPacket) _asked = true;
        return inner.SendPacketAsync(packet, cancellationToken);
    }

    /// <summary>A message that needs no PUBACK no longer waits in MQTTnet's queue.</summary>
    public void Taken() => _places.Release();

    /// <summary>Sends the PUBACKs of messages that came by this connection, in one piece.</summary>
    /// <exception cref="TimeoutException">The broker does not read: this connection is closed.</exception>
    public async Task AcknowledgeAsync(IReadOnlyList<ushort> packetIdentifiers, CancellationToken ct)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(packetIdentifiers.Count * PubackBytes);
        for (var i = 0; i < packetIdentifiers.Count; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * PubackBytes), SuccessfulPuback | packetIdentifiers[i]);
        try
        {
            await channel.WriteAsync(new(bytes, 0, packetIdentifiers.Count * PubackBytes), true, ct).WaitAsync(Patience, clock, ct);
        }
        catch (TimeoutException)
        {
            Dispose();
            throw;
        }

        ArrayPool<byte>.Shared.Return(bytes); // not after a failure: a write that was given up may still read it
        Interlocked.Add(ref _inFlight, -packetIdentifiers.Count);
        _places.Release(packetIdentifiers.Count);
    }

    // Mosquitto reads one packet of a client in a turn, whatever waits there: under load the PINGREQ stands behind all PUBACKs of a minute,
    // and would be given up. A broker that sends us messages is there; so is one whose messages wait because of us.
    private MqttPingRespPacket Pong()
    {
        (_asked, _answered) = (false, false);
        return MqttPingRespPacket.Instance;
    }

    /// <returns>False if there is none yet, and MQTTnet wants to know whether the broker is there.</returns>
    private async Task<bool> HasPlaceAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _ended.Token);
        while (!await _places.WaitAsync(Glance, either.Token))
            if (_asked) return false;
        if (_draining) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token);
        return true;
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
