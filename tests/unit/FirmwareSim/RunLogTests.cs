using Grid.Domain;
using Grid.FirmwareSim;
using Grid.UnitTests.Wire;
using Grid.Wire;

namespace Grid.UnitTests.FirmwareSim;

public class RunLogTests
{
    private static readonly GatewayName Gateway = GatewayName.Parse("gw-0001");
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 24, 12, 0);

    [Fact]
    public async Task What_is_about_to_be_sent_is_in_the_file_before_it_is()
    {
        using var file = new ScratchFile("log");
        await using var log = new RunLogWriter(file.Path, "quiet-day", 1, Start);

        await log.SendingAsync(Gateway, Message(1));

        RunLog.Parse("log", await SharedTextAsync(file.Path)).Sent.Should().ContainSingle().Which.Tag.Should().Be(101);
    }

    [Fact]
    public async Task It_tells_what_was_sent_acknowledged_and_stored()
    {
        using var file = new ScratchFile("log");
        await WriteAsync(file.Path, 1, 2);

        var log = RunLog.Read(file.Path);

        (log.Scenario, log.Seed, log.StartedAt).Should().Be(("quiet-day", 1, Start));
        log.Sent.Select(s => (s.Seq, s.Times, s.IsPubAcked)).Should().Equal((1, 1, true), (2, 1, true));
        log.StoredThrough(Gateway, 7).Should().Be(2);
    }

    [Fact]
    public async Task A_torn_last_line_counts_for_nothing_and_the_next_run_goes_on_behind_the_last_whole_one()
    {
        using var file = new ScratchFile("log");
        await WriteAsync(file.Path, 1);
        var whole = await File.ReadAllTextAsync(file.Path, TestContext.Current.CancellationToken);
        for (var torn = 1; torn < 40; torn += 13)
        {
            await File.WriteAllTextAsync(file.Path, whole + "sent gw-0001 102 7 2 readings 5a416ead7ffb418f4757"[..torn], TestContext.Current.CancellationToken);
            RunLog.Read(file.Path).Sent.Should().ContainSingle();
        }

        await WriteAsync(file.Path, 2);

        RunLog.Read(file.Path).Sent.Select(s => s.Seq).Should().Equal(1, 2);
    }

    [Fact]
    public async Task A_file_that_is_no_log_is_left_as_it_is_and_one_with_a_torn_first_line_is_begun_again()
    {
        using var file = new ScratchFile("notes", "Dear diary");

        FluentActions.Invoking(() => new RunLogWriter(file.Path, "quiet-day", 1, Start)).Should().Throw<FileFaultException>().WithMessage("*--log*");
        (await File.ReadAllTextAsync(file.Path, TestContext.Current.CancellationToken)).Should().Be("Dear diary");

        await File.WriteAllTextAsync(file.Path, RunLogWriter.Magic[..7], TestContext.Current.CancellationToken);
        await WriteAsync(file.Path, 1);
        RunLog.Read(file.Path).Sent.Should().ContainSingle();
    }

    [Fact]
    public async Task On_a_full_disk_nobody_waits_for_ever()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no disk that is always full.");
        var log = new RunLogWriter("/dev/full", "quiet-day", 1, Start);

        foreach (var sending in Enumerable.Range(1, 20).Select(i => log.SendingAsync(Gateway, Message(i)).AsTask()).ToArray())
            await FluentActions.Awaiting(() => sending.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).Should().ThrowAsync<IOException>();
        await FluentActions.Awaiting(() => log.DisposeAsync().AsTask()).Should().ThrowAsync<IOException>();
    }

    [Theory]
    [InlineData("", "*no simulator's log, or an empty one*")]
    [InlineData("meter,at\n", "*line 1: it is no line of a simulator's log*")]
    [InlineData("grid-sim-log 1 x 1 2026-11-24T12:00:00Z\npuback gw-0001 1 7 1 Success\n", "*line 2*")]
    public void A_file_that_is_none_is_named_with_its_line(string text, string expected) =>
        FluentActions.Invoking(() => RunLog.Parse("log", text)).Should().Throw<FileFaultException>().WithMessage(expected);

    private static async Task WriteAsync(string path, params long[] numbers)
    {
        await using var log = new RunLogWriter(path, "quiet-day", 1, Start);
        foreach (var number in numbers)
        {
            await log.SendingAsync(Gateway, Message(number));
            log.PubAck(Gateway, Message(number), "Success");
            log.Ack(Gateway, 7, number);
        }
    }

    private static KeptMessage Message(long number) => new(7, number, TopicKind.Readings, [(byte)number], null, 100 + number);

    private static async Task<string> SharedTextAsync(string path)
    {
        await using var shared = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(shared);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
