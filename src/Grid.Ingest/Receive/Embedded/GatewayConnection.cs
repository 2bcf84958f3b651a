using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grid.Domain;
using Grid.Wire;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Grid.Ingest;

/// <summary>One connection to the embedded broker: whose it is once that is known, and what has no PUBACK yet.</summary>
internal sealed class GatewayConnection : IMqttChannelAdapter
{
    /// <summary>A CONNECT with a last will; whoever has not shown who it is gets no more room.</summary>
    public const int MaxConnectBytes = WireLimits.MaxMessageBytes + 8_192;

    /// <summary>The largest payload that is quarantined, with its topic and properties.</summary>
    public const int MaxPacketBytes = WireLimits.MaxQuarantinedBytes + 4_096;

    private const ushort MaxTopicAliases = 16; // each is remembered for as long as its connection
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);

    private readonly IMqttChannelAdapter _inner;
    private readonly GuardedChannel _channel;
    private readonly Action _admitted;
    private int _inFlight;
    private int _ended;

    /// <param name="admitted">Told once its gateway is known.</param>
    public GatewayConnection(GuardedChannel channel, IMqttChannelAdapter inner, Action admitted)
    {
        (_channel, _inner, _admitted) = (channel, inner, admitted);
        channel.Admits = (kind, bytes) => Admitted is null ? kind == 1 && bytes <= MaxConnectBytes : bytes <= MaxPacketBytes;
        channel.Refused = (topic, bytes) => Admitted is { } admitted ? admitted.TooLarge(topic, bytes) : Task.CompletedTask;
    }

    /// <summary>Null until its CONNECT has been answered with yes.</summary>
    public Admission? Admitted { get; private set; }

    /// <summary>Messages without their PUBACK.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public bool IsOpen => _channel.IsOpen && Volatile.Read(ref _ended) == 0;

    public (TimeSpan Reading, TimeSpan Writing) Busy => _channel.Busy();

    public long BytesReceived => _inner.BytesReceived;

    public long BytesSent => _inner.BytesSent;

    public X509Certificate2? ClientCertificate => _inner.ClientCertificate;

    public EndPoint? RemoteEndPoint => _inner.RemoteEndPoint;

    public EndPoint? LocalEndPoint => _inner.LocalEndPoint;

    public bool IsSecureConnection => _inner.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => _inner.PacketFormatterAdapter;

    private bool IsV5 => PacketFormatterAdapter.ProtocolVersion is MqttProtocolVersion.V500;

    public void Admit(Admission admission)
    {
        Admitted = admission;
        _channel.Pace = admission.Pace;
        _admitted();
    }

    public void Drain() => _channel.Drain();

    /// <summary>Says why where the protocol can, and closes.</summary>
    public async Task EndAsync(MqttDisconnectReasonCode reason, bool linger = false)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        if (IsV5 && Admitted is not null)
        {
            using var enough = new CancellationTokenSource(EndTime);
            try
            {
                await _inner.SendPacketAsync(new MqttDisconnectPacket { ReasonCode = reason }, enough.Token);
            }
            catch (Exception deaf) when (deaf is OperationCanceledException or MQTTnet.Exceptions.MqttCommunicationException or ObjectDisposedException)
            {
                // It did not listen.
            }
        }

        if (!linger) _channel.Dispose();
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => _inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => _inner.DisconnectAsync(cancellationToken);

    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        var packet = await _inner.ReceivePacketAsync(cancellationToken);
        if (packet is not MqttPublishPacket publish) return packet;
        if (publish.TopicAlias > MaxTopicAliases)
        {
            await EndAsync(MqttDisconnectReasonCode.TopicAliasInvalid);
            return null;
        }

        ArrivedBy<GatewayConnection>.Mark(publish, this);
        if (publish.QualityOfServiceLevel is not MqttQualityOfServiceLevel.AtMostOnce) Interlocked.Increment(ref _inFlight);
        return packet;
    }

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _ended) != 0) return; // it has been told good-bye
        if (packet is MqttConnAckPacket welcome) welcome.TopicAliasMaximum = MaxTopicAliases;
        var answers = AnswersTo(packet);
        if (answers is not null && answers != this) return; // to an earlier connection of the same session, where its number meant another message
        await _inner.SendPacketAsync(packet, cancellationToken);
        if (answers is not null) Interlocked.Decrement(ref _inFlight);
    }

    public void ResetStatistics() => _inner.ResetStatistics();

    public void Dispose()
    {
        _channel.Dispose();
        _inner.Dispose();
    }

    private static GatewayConnection? AnswersTo(MqttPacket packet) => packet switch
    {
        MqttPubAckPacket ack => ArrivedBy<GatewayConnection>.Of(ack.UserProperties),
        MqttPubRecPacket received => ArrivedBy<GatewayConnection>.Of(received.UserProperties),
        _ => null,
    };
}

/// <summary>What was decided of a connection when its gateway had shown who it is.</summary>
/// <param name="SecretHash">As the registry held it then.</param>
/// <param name="Pace">How long to wait before the next packet.</param>
/// <param name="TooLarge">Told the topic and the length of a packet that is not read.</param>
internal sealed record Admission(GatewayName Gateway, byte[] SecretHash, Func<TimeSpan> Pace, Func<string?, int, Task> TooLarge);
