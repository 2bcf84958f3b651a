using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Grid.Ingest;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Adapter;
using MQTTnet.Channel;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Grid.UnitTests.Ingest.Receive;

public sealed class InFlightAdapterTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly Flood _broker = new();
    private readonly Wire _wire = new();
    private readonly Clock _clock = new();
    private readonly InFlightAdapter _adapter;

    public InFlightAdapterTests() => _adapter = new(_broker, _wire, 3, _clock);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _adapter.ConnectAsync(Stop);

    [Fact]
    public async Task Nothing_is_read_while_as_many_as_may_wait_are_not_on_disk()
    {
        for (var i = 0; i < 3; i++) await _adapter.ReceivePacketAsync(Stop);

        var fourth = _adapter.ReceivePacketAsync(Stop);

        fourth.IsCompleted.Should().BeFalse();
        _broker.Read.Should().Be(3);
        _adapter.Acknowledge(1);
        await fourth.WaitAsync(Soon, Stop);
        _broker.Read.Should().Be(4);
        await _wire.WroteAsync(1);
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
        _adapter.Acknowledge(1);
        await _wire.WroteAsync(1);

        next.IsCompleted.Should().BeFalse();
        _wire.Written.Should().Equal(0x40, 2, 0, 1);
    }

    [Fact]
    public async Task A_place_that_is_freed_after_it_began_to_drain_is_not_taken()
    {
        for (var i = 0; i < 3; i++) await _adapter.ReceivePacketAsync(Stop);
        var fourth = _adapter.ReceivePacketAsync(Stop);
        _adapter.Drain();

        _adapter.Acknowledge(1);
        await _adapter.DisconnectAsync(Stop);

        await FluentActions.Awaiting(() => fourth).Should().ThrowAsync<OperationCanceledException>();
        _broker.Read.Should().Be(3);
    }

    [Fact]
    public async Task Pubacks_that_wait_for_another_to_be_written_travel_together()
    {
        _wire.Hold = new();
        await TakeAsync(1);
        await _wire.WroteAsync(1);
        foreach (ushort packet in new ushort[] { 2, 3, 0xFFFE }) await TakeAsync(packet);

        _wire.Hold.SetResult();
        await _wire.WroteAsync(2);

        _wire.Written.Should().Equal(0x40, 2, 0, 1, 0x40, 2, 0, 2, 0x40, 2, 0, 3, 0x40, 2, 0xFF, 0xFE);
    }

    [Fact]
    public async Task A_broker_that_is_slow_to_read_pubacks_is_still_read()
    {
        _wire.Hold = new();

        for (ushort i = 1; i <= 100; i++) await TakeAsync(i);

        _adapter.InFlight.Should().Be(100);
        _adapter.IsOpen.Should().BeTrue();
    }

    [Fact]
    public async Task Pubacks_that_a_broker_does_not_read_have_a_bound()
    {
        _wire.Hold = new();
        for (var i = 0; i < InFlightAdapter.MostUnsent; i++) await TakeAsync(unchecked((ushort)i));
        var held = _adapter.ReceivePacketAsync(Stop);
        held.IsCompleted.Should().BeFalse();

        _wire.Hold.SetResult();
        await _wire.WroteAsync(InFlightAdapter.MostUnsent / InFlightAdapter.MostTogether);

        _clock.Advance(TimeSpan.FromSeconds(1));
        (await held.WaitAsync(Soon, Stop)).Should().BeOfType<MqttPublishPacket>();
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
    public async Task Nobody_is_asked_whether_he_is_there_behind_pubacks_that_he_has_not_read()
    {
        _wire.Hold = new();
        await TakeAsync(1);
        await _wire.WroteAsync(1);

        await _adapter.SendPacketAsync(MqttPingReqPacket.Instance, Stop);

        _broker.Sent.Should().BeEmpty();
        (await _adapter.ReceivePacketAsync(Stop)).Should().BeOfType<MqttPublishPacket>();
        (await _adapter.ReceivePacketAsync(Stop)).Should().BeOfType<MqttPingRespPacket>();
    }

    [Fact]
    public async Task A_broker_that_neither_reads_pubacks_nor_sends_is_left_and_why_is_known()
    {
        _wire.Hold = new();
        await TakeAsync(1);
        await _clock.WaitedForAsync();
        await _adapter.ReceivePacketAsync(Stop);

        _clock.Advance(InFlightAdapter.Patience);
        await _clock.WaitedForAsync(); // anew, since it has sent something
        _clock.Advance(InFlightAdapter.Patience - TimeSpan.FromTicks(1));
        _adapter.IsOpen.Should().BeTrue();
        _clock.Advance(TimeSpan.FromTicks(1));

        await _broker.Left.Task.WaitAsync(Soon, Stop);
        _adapter.IsOpen.Should().BeFalse();
        _adapter.LeftBecause.Should().Be("it has neither read our PUBACKs nor sent anything for 30 s");
    }

    private async Task TakeAsync(ushort packetIdentifier)
    {
        (await _adapter.ReceivePacketAsync(Stop).WaitAsync(Soon, Stop)).Should().BeOfType<MqttPublishPacket>();
        _adapter.Acknowledge(packetIdentifier);
    }

    public ValueTask DisposeAsync()
    {
        _adapter.Dispose();
        _broker.Dispose();
        _wire.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Tells when somebody begins to wait for it.</summary>
    private sealed class Clock : FakeTimeProvider
    {
        private readonly Channel<ITimer> _timers = Channel.CreateUnbounded<ITimer>();

        public Task WaitedForAsync() => _timers.Reader.ReadAsync(Stop).AsTask().WaitAsync(Soon, Stop);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _timers.Writer.TryWrite(timer);
            return timer;
        }
    }

    /// <summary>Where the bytes go.</summary>
    private sealed class Wire : IMqttChannel
    {
        private readonly SemaphoreSlim _wrote = new(0);
        private int _writes;

        /// <summary>As long as it is not done a write is not either.</summary>
        public TaskCompletionSource? Hold { get; set; }

        public List<byte> Written { get; } = [];

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
            _wrote.Release();
            return Hold?.Task ?? Task.CompletedTask;
        }

        public async Task WroteAsync(int times)
        {
            for (; _writes < times; _writes++) (await _wrote.WaitAsync(Soon, Stop)).Should().BeTrue();
        }

        public void Dispose() => _wrote.Dispose();
    }

    /// <summary>A broker that always has another message.</summary>
    private sealed class Flood : IMqttChannelAdapter
    {
        public Func<MqttPacket> Next { get; set; } = () => new MqttPublishPacket { QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce };

        public TaskCompletionSource Left { get; } = new();

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

        public void Dispose() => Left.TrySetResult();
    }
}
