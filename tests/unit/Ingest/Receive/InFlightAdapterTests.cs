using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grid.Ingest;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Grid.UnitTests.Ingest.Receive;

public sealed class InFlightAdapterTests : IDisposable
{
    private readonly Flood _broker = new();
    private readonly InFlightAdapter _adapter;

    public InFlightAdapterTests() => _adapter = new(_broker, 3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_read_while_as_many_as_may_wait_have_no_puback()
    {
        for (var i = 0; i < 3; i++) await _adapter.ReceivePacketAsync(Stop);

        var fourth = _adapter.ReceivePacketAsync(Stop);

        fourth.IsCompleted.Should().BeFalse();
        _broker.Read.Should().Be(3);
        await _adapter.AcknowledgeAsync(1, Stop);
        await fourth;
        _broker.Read.Should().Be(4);
        _adapter.InFlight.Should().Be(3);
    }

    [Fact]
    public async Task What_needs_no_puback_takes_no_place()
    {
        _broker.Next = () => new MqttPublishPacket { QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce };
        for (var i = 0; i < 10; i++) await _adapter.ReceivePacketAsync(Stop);
        _broker.Next = () => MqttPingRespPacket.Instance;
        for (var i = 0; i < 10; i++) await _adapter.ReceivePacketAsync(Stop);

        _adapter.InFlight.Should().Be(0);
    }

    [Fact]
    public async Task Disconnecting_ends_the_wait_for_a_place()
    {
        for (var i = 0; i < 3; i++) await _adapter.ReceivePacketAsync(Stop);
        var waiting = _adapter.ReceivePacketAsync(Stop);

        await _adapter.DisconnectAsync(Stop);

        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
        _adapter.IsOpen.Should().BeFalse();
    }

    [Fact]
    public async Task While_it_drains_nothing_is_read_and_all_may_be_acknowledged()
    {
        await _adapter.ReceivePacketAsync(Stop);
        _adapter.Drain();

        var next = _adapter.ReceivePacketAsync(Stop);
        await _adapter.AcknowledgeAsync(1, Stop);

        next.IsCompleted.Should().BeFalse();
        _adapter.InFlight.Should().Be(0);
        _broker.Sent.Should().ContainSingle().Which.Should().BeOfType<MqttPubAckPacket>().Which.PacketIdentifier.Should().Be(1);
    }

    public void Dispose()
    {
        _adapter.Dispose();
        _broker.Dispose();
    }

    /// <summary>A broker that always has another message.</summary>
    private sealed class Flood : IMqttChannelAdapter
    {
        public Func<MqttPacket> Next { get; set; } = () => new MqttPublishPacket { QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce };

        public int Read { get; private set; }

        public List<MqttPacket> Sent { get; } = [];

        public long BytesReceived => 0;

        public long BytesSent => 0;

        public X509Certificate2? ClientCertificate => null;

        public EndPoint? RemoteEndPoint => null;

        public EndPoint? LocalEndPoint => null;

        public bool IsSecureConnection => false;

        public MqttPacketFormatterAdapter PacketFormatterAdapter { get; } = new(MqttProtocolVersion.V500, new MqttBufferWriter(64, 64));

        public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
        {
            Read++;
            return Task.FromResult(Next());
        }

        public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
        {
            Sent.Add(packet);
            return Task.CompletedTask;
        }

        public void ResetStatistics()
        {
        }

        public void Dispose()
        {
        }
    }
}
