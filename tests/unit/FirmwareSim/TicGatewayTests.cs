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
        using (var spool = new TicSpool(file.Path, 99)) spool.Ack(Name, spool.Epoch, 2);

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
    public void A_torn_line_of_the_spool_counts_for_nothing_and_its_counter_survives_an_empty_one()
    {
        using var file = new ScratchFile("spool", "ack 5 40\nframe 5 41 2026-11-24T12:00:00Z Ag");

        using (var spool = new TicSpool(file.Path, 9)) (spool.Epoch, spool.NextSeq, spool.Kept.Count).Should().Be((5, 41, 0));
        File.WriteAllText(file.Path, "frame one\n");
        FluentActions.Invoking(() => new TicSpool(file.Path, 9)).Should().Throw<FileFaultException>().WithMessage("*line 1*--spool*");
    }

    private async Task RunAsync(string spoolPath, string bytes, Duration interval = default)
    {
        using var spool = new TicSpool(spoolPath, 7);
        var time = new FakeTimeProvider(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        await using var client = new GatewayClient(new(Name, TestBroker.Secret) { Port = _broker.Port, Epoch = spool.Epoch, FirstSeq = spool.NextSeq, Log = spool }, TimeProvider.System);
        await client.ConnectAsync(Stop);
        await new TicGateway(client, spool, interval, time).RunAsync(new MemoryStream(Encoding.ASCII.GetBytes(bytes)), Stop);
    }

    private IEnumerable<string> Numbers() => _broker.Received.Where(m => m.Topic.EndsWith("/tic", StringComparison.Ordinal)).Select(m => m.Properties[Envelope.SeqProperty]);
}
