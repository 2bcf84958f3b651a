using System.IO.Pipelines;
using System.Text;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.UnitTests.Wire;
using Grid.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Grid.UnitTests.FirmwareSim;

public sealed class TicGatewayTests : IAsyncLifetime
{
    private static readonly GatewayName Name = GatewayName.Parse("gw-0001");

    private TestBroker _broker = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task Each_whole_frame_is_sent_with_its_number_and_noise_is_not()
    {
        using var file = new ScratchFile("spool");

        await RunAsync(file.Path, "half a frame\u0003\u0002one\u0003\r\n\u0002two\u0003\u0002open");

        _broker.On("tic").Select(Encoding.ASCII.GetString).Should().Equal("\u0002one\u0003", "\u0002two\u0003");
        Numbers().Should().Equal("1", "2");
    }

    [Fact]
    public async Task A_new_process_goes_on_counting_and_sends_what_no_ack_covered()
    {
        using var file = new ScratchFile("spool");
        await RunAsync(file.Path, "\u0002one\u0003\u0002two\u0003\u0002three\u0003");
        using (var spool = Spool(file.Path, 99)) spool.Ack(Name, spool.Epoch, 2);

        await RunAsync(file.Path, "\u0002four\u0003");

        Numbers().Should().Equal("1", "2", "3", "3", "4");
        _broker.Received.Where(m => m.Topic.EndsWith("/tic", StringComparison.Ordinal)).Select(m => m.Properties[Envelope.EpochProperty]).Distinct(StringComparer.Ordinal).Should().Equal("7");
    }

    [Fact]
    public async Task With_an_interval_most_frames_are_left_out()
    {
        using var file = new ScratchFile("spool");

        await RunAsync(file.Path, "\u0002one\u0003\u0002two\u0003\u0002three\u0003", Duration.FromSeconds(60));

        _broker.On("tic").Should().ContainSingle();
    }

    [Fact]
    public async Task A_clock_that_is_set_back_holds_no_frame_up()
    {
        using var file = new ScratchFile("spool");

        await RunAsync(file.Path, "\u0002one\u0003\u0002two\u0003\u0002three\u0003", Duration.FromSeconds(60), new SlippingClock());

        _broker.On("tic").Should().HaveCount(3);
    }

    [Fact]
    public async Task What_the_broker_refuses_ends_it_though_the_line_goes_on()
    {
        using var file = new ScratchFile("spool");
        using var spool = Spool(file.Path);
        await using var client = Client(spool);
        await client.ConnectAsync(Stop);
        _broker.Refuses = topic => topic.EndsWith("/tic", StringComparison.Ordinal);
        var line = new Pipe();
        await line.Writer.WriteAsync("\u0002one\u0003"u8.ToArray(), Stop);

        var act = () => new TicGateway(client, spool, default, TimeProvider.System).RunAsync(line.Reader.AsStream(), Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop);

        await act.Should().ThrowAsync<GatewayRefusedException>();
        spool.Kept.Should().ContainSingle();
    }

    [Fact]
    public async Task A_line_without_a_frame_is_told_of_after_half_a_minute()
    {
        using var file = new ScratchFile("spool");
        using var spool = Spool(file.Path);
        await using var client = Client(spool);
        var line = new Pipe();
        var time = new FakeTimeProvider();
        var told = 0;
        var running = new TicGateway(client, spool, default, time, () => told++).RunAsync(line.Reader.AsStream(), Stop);

        time.Advance(TimeSpan.FromSeconds(29));
        told.Should().Be(0);
        time.Advance(TimeSpan.FromSeconds(60));
        told.Should().Be(1);

        await line.Writer.CompleteAsync();
        await running;
    }

    [Fact]
    public void A_torn_line_of_the_spool_counts_for_nothing_and_its_counter_survives_an_empty_one()
    {
        using var file = new ScratchFile("spool", "spool gw-0001\nack 5 40\nframe 5 41 2026-11-24T12:00:00Z Ag");

        using (var spool = Spool(file.Path, 9)) (spool.Epoch, spool.NextSeq, spool.Kept.Count).Should().Be((5, 41, 0));
        File.WriteAllText(file.Path, "frame one\n");
        FluentActions.Invoking(() => Spool(file.Path)).Should().Throw<FileFaultException>().WithMessage("*line 1*--spool*");
    }

    [Theory]
    [InlineData("a letter without an end", 1)]
    [InlineData("spool gw-0001\nframe one\n", 2)]
    [InlineData("spool gw-0001\nframe 5 41 2026-11-24T12:00:00Z AgM\n", 2)]
    [InlineData("spool gw-0001\nack 5 40\nack 5 9223372036854775807\n", 3)]
    public void A_file_that_is_no_spool_is_named_with_its_line_and_left_as_it_is(string content, int line)
    {
        using var file = new ScratchFile("spool", content);

        FluentActions.Invoking(() => Spool(file.Path)).Should().Throw<FileFaultException>().WithMessage($"*line {line}: it is no line of a spool*--spool*");
        File.ReadAllText(file.Path).Should().Be(content);
    }

    [Fact]
    public void A_spool_serves_one_gateway_and_one_process_at_a_time()
    {
        using var file = new ScratchFile("spool");

        using (Spool(file.Path))
            FluentActions.Invoking(() => Spool(file.Path)).Should().Throw<FileFaultException>().WithMessage("*other process*--spool*");
        FluentActions.Invoking(() => new TicSpool(file.Path, GatewayName.Parse("gw-0002"), 7, 10)).Should().Throw<FileFaultException>().WithMessage("*spool of gateway gw-0001*--spool*");
        using var again = Spool(file.Path);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_stored_or_given_up_leaves_the_file_before_long(bool isStored)
    {
        using var file = new ScratchFile("spool");

        using (var spool = Spool(file.Path, keep: 3))
            for (var seq = 1; seq <= 150; seq++)
            {
                spool.Append(new(7, seq, TopicKind.Tic, [1, 2, 3], Instant.FromUnixTimeSeconds(seq), 0));
                if (isStored) spool.Ack(Name, 7, seq - 1);
            }

        File.ReadLines(file.Path).Count().Should().BeLessThan(130);
        using var again = Spool(file.Path);
        again.NextSeq.Should().Be(151);
        again.Kept[^1].Seq.Should().Be(150);
        if (isStored) again.Kept.Should().ContainSingle();
    }

    private async Task RunAsync(string spoolPath, string bytes, Duration interval = default, TimeProvider? time = null)
    {
        using var spool = Spool(spoolPath);
        await using var client = Client(spool);
        await client.ConnectAsync(Stop);
        time ??= new FakeTimeProvider(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        await new TicGateway(client, spool, interval, time).RunAsync(new MemoryStream(Encoding.ASCII.GetBytes(bytes)), Stop);
    }

    private GatewayClient Client(TicSpool spool) =>
        new(new(Name, TestBroker.Secret) { Port = _broker.Port, Epoch = spool.Epoch, FirstSeq = spool.NextSeq, Log = spool }, TimeProvider.System);

    private static TicSpool Spool(string path, long epoch = 7, int keep = 10) => new(path, Name, epoch, keep);

    private IEnumerable<string> Numbers() => _broker.Received.Where(m => m.Topic.EndsWith("/tic", StringComparison.Ordinal)).Select(m => m.Properties[Envelope.SeqProperty]);

    /// <summary>A minute passes from look to look, and it is set back a day each time that it is asked for the time.</summary>
    private sealed class SlippingClock : TimeProvider
    {
        private long _minutes;
        private int _days;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ++_minutes * TimeSpan.TicksPerMinute;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero).AddDays(-_days++);
    }
}
