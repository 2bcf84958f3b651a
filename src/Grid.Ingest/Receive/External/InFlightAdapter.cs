using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Grid.Ingest;

/// <summary>
/// One connection of ingest's client. MQTTnet reads from the socket into a queue without a bound, and brokers go beyond the
/// receive maximum: so no packet is read while as many messages as may wait have no PUBACK yet.
/// </summary>
internal sealed class InFlightAdapter(IMqttChannelAdapter inner, int most) : IMqttChannelAdapter
{
    private readonly SemaphoreSlim _places = new(most, most);
    private readonly CancellationTokenSource _ended = new();
    private int _inFlight;
    private volatile bool _draining;

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
        if (_draining || !IsOpen || !await _places.WaitAsync(0, CancellationToken.None)) await PlaceAsync(cancellationToken);
        var packet = await inner.ReceivePacketAsync(cancellationToken);
        if (packet is not MqttPublishPacket publish)
        {
            _places.Release();
            return packet;
        }

        ArrivedBy<InFlightAdapter>.Mark(publish, this);
        if (publish.QualityOfServiceLevel is MqttQualityOfServiceLevel.AtMostOnce) _places.Release();
        else Interlocked.Increment(ref _inFlight);
        return packet;
    }

    private async Task PlaceAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _ended.Token);
        await _places.WaitAsync(either.Token);
        if (_draining) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token);
    }

    public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken) => inner.SendPacketAsync(packet, cancellationToken);

    /// <summary>Sends the PUBACK of a message that came by this connection.</summary>
    public async Task AcknowledgeAsync(ushort packetIdentifier, CancellationToken ct)
    {
        await inner.SendPacketAsync(new MqttPubAckPacket { PacketIdentifier = packetIdentifier }, ct);
        Interlocked.Decrement(ref _inFlight);
        _places.Release();
    }

    /// <summary>Reads no further packet; what is in flight may still be acknowledged.</summary>
    public void Drain() => _draining = true;

    public void ResetStatistics() => inner.ResetStatistics();

    /// <summary>Makes them: each connection counts for itself.</summary>
    internal sealed class Factory(int most) : IMqttClientAdapterFactory
    {
        private readonly MqttClientAdapterFactory _plain = new();
        private volatile WeakReference<InFlightAdapter>? _newest; // its client disposes it

        public InFlightAdapter? Newest => _newest is { } newest && newest.TryGetTarget(out var adapter) ? adapter : null;

        public IMqttChannelAdapter CreateClientAdapter(MqttClientOptions options, MqttPacketInspector packetInspector, IMqttNetLogger logger)
        {
            var adapter = new InFlightAdapter(_plain.CreateClientAdapter(options, packetInspector, logger), most);
            _newest = new(adapter);
            return adapter;
        }
    }
}
