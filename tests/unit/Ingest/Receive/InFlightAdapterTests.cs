using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grid.Ingest;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Adapter;
using MQTTnet.Channel;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Grid.UnitTests.Ingest.Receive;

public sealed class InFlightAdapterTests : IDisposable
{
    private readonly Flood _broker = new();
    private readonly Wire _wire = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly InFlightAdapter _adapter;

    public InFlightAdapterTests() => _adapter = new(_broker, _wire, 3, _clock);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_read_while_as_many_as_may_wait_have_no_puback()
    {
        for (var i = 0; i < 3; i++) await _adapter.ReceivePacketAsync(Stop);

        var fourth = _adapter.ReceivePacketAsync(Stop);

        fourth.IsCompleted.Should().BeFalse();
        _broker.Read.Should().Be(3);
        await _adapter.AcknowledgeAsync([1], Stop);
        await fourth;
        _broker.Read.Should().Be(4);
        _adapter.InFlight.Should().Be(3);
    }

    [Fact]
    public async Task What_needs_no_puback_takes_a_place_until_it_is_taken_and_what_is_no_message_takes_none()
    {
        _broker.Next = () => new MqttPublishPacket { QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce };
        for (var i = 0; i < 3; i++) await _adapter.ReceivePacketAsync(Stop);
        var fourth = _adapter.ReceivePacketAsync(Stop);
        fourth.IsCompleted.Should().BeFalse();
        for (var i = 0; i < 3; i++) _adapter.Taken();
        await fourth;
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
        await _adapter.AcknowledgeAsync([1], Stop);

        next.IsCompleted.Should().BeFalse();
        _adapter.InFlight.Should().Be(0);
        _wire.Written.Should().Equal(0x40, 2, 0, 1);
    }

    [Fact]
    public async Task Pubacks_travel_together_and_each_gives_its_place_back()
    {
        for (var i = 0; i < 3; i++) await _adapter.ReceivePacketAsync(Stop);

        await _adapter.AcknowledgeAsync([1, 2, 0xFFFE], Stop);

        _wire.Writes.Should().Be(1);
        _wire.Written.Should().Equal(0x40, 2, 0, 1, 0x40, 2, 0, 2, 0x40, 2, 0xFF, 0xFE);
        for (var i = 0; i < 3; i++) await _adapter.ReceivePacketAsync(Stop);
        _adapter.ReceivePacketAsync(Stop).IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_message_answers_the_question_whether_the_broker_is_there()
    {
        await _adapter.SendPacketAsync(MqttPingReqPacket.Instance, Stop);

        (await _adapter.ReceivePacketAsync(Stop)).Should().BeOfType<MqttPublishPacket>();
        (await _adapter.ReceivePacketAsync(Stop)).Should().BeOfType<MqttPingRespPacket>();
        (await _adapter.ReceivePacketAsync(Stop)).Should().BeOfType<MqttPublishPacket>();
        _broker.Sent.Should().ContainSingle().Which.Should().BeOfType<MqttPingReqPacket>("a broker wants to hear from us too");
    }

    [Fact]
    public async Task The_brokers_own_answer_is_the_only_one()
    {
        _broker.Next = () => MqttPingRespPacket.Instance;
        await _adapter.SendPacketAsync(MqttPingReqPacket.Instance, Stop);

        (await _adapter.ReceivePacketAsync(Stop)).Should().BeOfType<MqttPingRespPacket>();
        _broker.Next = () => new MqttPublishPacket { QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce };
        for (var i = 0; i < 3; i++) (await _adapter.ReceivePacketAsync(Stop)).Should().BeOfType<MqttPublishPacket>();
    }

    [Fact]
    public async Task A_broker_whose_messages_wait_for_us_is_there()
    {
        for (var i = 0; i < 3; i++) await _adapter.ReceivePacketAsync(Stop);
        await _adapter.SendPacketAsync(MqttPingReqPacket.Instance, Stop);

        (await _adapter.ReceivePacketAsync(Stop)).Should().BeOfType<MqttPingRespPacket>();
        _broker.Read.Should().Be(3);
    }

    [Fact]
    public async Task A_broker_that_does_not_read_our_pubacks_is_left()
    {
        await _adapter.ReceivePacketAsync(Stop);
        _wire.Hold = new();

        var acknowledging = _adapter.AcknowledgeAsync([1], Stop);
        _clock.Advance(InFlightAdapter.Patience - TimeSpan.FromSeconds(1));
        acknowledging.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        await FluentActions.Awaiting(() => acknowledging).Should().ThrowAsync<TimeoutException>();
        _adapter.IsOpen.Should().BeFalse();
    }

    public void Dispose()
    {
        _adapter.Dispose();
        _broker.Dispose();
        _wire.Dispose();
    }

    /// <summary>Where the bytes go.</summary>
    private sealed class Wire : IMqttChannel
    {
        public TaskCompletionSource? Hold { get; set; }

        public List<byte> Written { get; } = [];

        public int Writes { get; private set; }

        public X509Certificate2? ClientCertificate => null;

        public EndPoint? RemoteEndPoint => null;

        public EndPoint? LocalEndPoint => null;

        public bool IsSecureConnection => false;

        public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
        {
            Written.AddRange(buffer.ToArray());
            Writes++;
            return Hold?.Task ?? Task.CompletedTask;
        }

        public void Dispose()
        {
        }
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
