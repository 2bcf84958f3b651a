using System.IO.Pipes;
using CsCheck;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire;

public class RecordingFileTests
{
    [Fact]
    public void A_wide_file_has_one_column_a_household_and_an_empty_cell_is_a_gap()
    {
        using var file = new ScratchFile("r.csv", "interval_end,a,b\n2026-01-01T00:30+01:00,100,\n2026-01-01T01:00+01:00,,7\n2026-01-01T02:00+01:00,0,8\n");

        var series = RecordingFile.Open(file.Path).ReadSeries();

        series.Select(s => s.Household).Should().Equal("a", "b");
        series[0].Intervals.Should().Equal(
            new("a", Instant.FromUtc(2025, 12, 31, 23, 0), Instant.FromUtc(2025, 12, 31, 23, 30), 100),
            new IntervalEnergy("a", Instant.FromUtc(2026, 1, 1, 0, 30), Instant.FromUtc(2026, 1, 1, 1, 0), 0));
        series[1].Intervals.Select(i => i.Wh).Should().Equal(7, 8);
    }

    [Fact]
    public void A_packed_file_with_interval_starts_reads_the_same()
    {
        using var file = new ScratchFile("r.csv.gz", "interval_start,a\n2026-01-01T00:00Z,1\n2026-01-01T01:00Z,2\n", packed: true);

        RecordingFile.Open(file.Path).Read().Should().Equal(
            new("a", Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 1, 1, 1, 0), 1),
            new IntervalEnergy("a", Instant.FromUtc(2026, 1, 1, 1, 0), Instant.FromUtc(2026, 1, 1, 2, 0), 2));
    }

    [Theory]
    [InlineData("at", 0)]
    [InlineData("interval_end", 0)]
    [InlineData("interval_start", 10)]
    public void A_long_file_says_which_end_its_stamp_is(string header, int minutesLater)
    {
        using var file = new ScratchFile("r.csv", $"household,{header},wh\nx,2026-01-01T00:10:00Z,5\ny,2026-01-01T00:10:00Z,9\nx,2026-01-01T00:20:00Z,6\n");

        var read = RecordingFile.Open(file.Path).Read().ToArray();

        read.Select(i => (i.Household, i.Wh)).Should().Equal(("x", 5), ("y", 9), ("x", 6));
        read[0].End.Should().Be(Instant.FromUtc(2026, 1, 1, 0, 10).Plus(Duration.FromMinutes(minutesLater)));
        read.Should().OnlyContain(i => i.End - i.Start == Duration.FromMinutes(10));
    }

    [Fact]
    public void A_daily_file_counts_local_days_and_skips_partial_ones()
    {
        using var file = new ScratchFile("home-1.csv", "day,kwh_total,other,partial_day\n2026-10-24,1.0,9,1\n2026-10-25,12.3456,9,0\n2026-10-26,,9,0\n2026-10-27,0.0004,9,0\n");

        RecordingFile.Open(file.Path).Read().Should().Equal(
            new("home-1", Instant.FromUtc(2026, 10, 24, 22, 0), Instant.FromUtc(2026, 10, 25, 23, 0), 12_345),
            new IntervalEnergy("home-1", Instant.FromUtc(2026, 10, 26, 23, 0), Instant.FromUtc(2026, 10, 27, 23, 0), 1));
    }

    [Fact]
    public void Daily_fractions_are_carried_on_so_that_the_sum_is_less_than_a_watt_hour_off() =>
        Gen.Int[0, 999_999].Array[1, 60].Sample(tenths =>
        {
            var first = new LocalDate(2026, 1, 1);
            var rows = tenths.Select((t, i) => FormattableString.Invariant($"{first.PlusDays(i):uuuu'-'MM'-'dd},{t / 10000}.{t % 10000:0000}"));
            using var file = new ScratchFile("r.csv", $"day,kwh_total\n{string.Join('\n', rows)}\n");

            RecordingFile.Open(file.Path).Read().Sum(i => i.Wh).Should().Be(tenths.Sum(t => (long)t) / 10);
        }, iter: 50);

    [Theory]
    [InlineData("interval_end,a\n2026-01-01T00:30Z,1\n2026-01-01T01:00Z,x\n", "line 3, column a: 'x' is no whole number of Wh*")]
    [InlineData("interval_end,a\n2026-01-01T00:30Z,1\n2026-01-01T01:00Z,-4\n", "line 3, column a: '-4'*")]
    [InlineData("interval_end,a\n2026-01-01T00:30,1\n", "line 2, column interval_end:*says no offset*")]
    [InlineData("interval_end,a\n2026-01-01T00:30Z,1\n2026-01-01T00:30Z,1\n", "line 3, column interval_end:*does not lie after*")]
    [InlineData("interval_end,a\n2026-01-01T00:30Z,1\n2026-01-01T00:37Z,1\n", "line 3, column interval_end:*no interval length*")]
    [InlineData("interval_end,a\n2026-01-01T00:30Z,1,2\n2026-01-01T01:00Z,1\n", "line 2: 3 cells where the header has 2*")]
    [InlineData("interval_end,a,a\n2026-01-01T00:30Z,1,2\n", "line 1, column a: the household stands twice*")]
    [InlineData("interval_end,a b\n2026-01-01T00:30Z,1\n", "line 1, column a b:*cannot name a household*")]
    [InlineData("interval_end,a\n2026-01-01T00:30Z,1\n", "one row does not tell*")]
    [InlineData("household,at,wh\nh,2026-01-01T00:30Z,1\nh,2026-01-01T01:00Z\n", "line 3: 2 cells*")]
    [InlineData("household,at,wh\n\nh h,2026-01-01T00:30Z,1\n", "line 3, column household:*")]
    [InlineData("household,at,kwh\nh,2026-01-01T00:30Z,1\n", "line 1:*household,interval_end,wh*")]
    [InlineData("day,kwh_total\n2026-01-01,1\n2026-01-02,1e3\n", "line 3, column kwh_total: '1e3' is no energy*")]
    [InlineData("day,kwh_total\n2026-13-01,1\n", "line 2, column day: '2026-13-01' is no day*")]
    [InlineData("day,kwh_total\n2026-01-01,79228162514264337593543950335\n", "line 2, column kwh_total: '79228162514264337593543950335' is no energy*")]
    [InlineData("day,kwh_total\n9999-12-31,1\n", "line 2, column day: '9999-12-31' is no day*")]
    [InlineData("interval_start,a\n9999-12-31T23:00Z,1\n9999-12-31T23:30Z,1\n", "line 2, column interval_start: '9999-12-31T23:00Z' is no instant*")]
    [InlineData("day,litres\n2026-01-01,1\n", "line 1: no such value column*litres*")]
    [InlineData("hello\n", "line 1: no known header*long*wide*daily*enedis*")]
    [InlineData("", "it is empty*")]
    public void A_fault_says_file_line_and_column(string content, string expected)
    {
        using var file = new ScratchFile("r.csv", content);

        var act = () => RecordingFile.Open(file.Path).ReadSeries();

        var message = act.Should().Throw<FileFaultException>().Which.Message;
        message.Should().StartWith(file.Path);
        message[(file.Path.Length + 2)..].Should().Match(expected);
    }

    [Fact]
    public void A_file_cut_short_says_so_and_a_missing_one_too()
    {
        using var file = new ScratchFile("r.csv.gz", "interval_end,a\n" + string.Concat(Enumerable.Range(0, 20_000)
            .Select(i => UtcText.Format(Instant.FromUnixTimeSeconds(1_800L * i)) + $",{i * 7919 % 1000}\n")), packed: true);
        using (var cut = File.OpenWrite(file.Path)) cut.SetLength(cut.Length / 2);

        FluentActions.Invoking(() => RecordingFile.Open(file.Path).ReadSeries()).Should().Throw<FileFaultException>().WithMessage("*line*is the file complete?*");
        FluentActions.Invoking(() => RecordingFile.Open(file.Path + "x")).Should().Throw<FileFaultException>().WithMessage("*check the path*");
    }

    [Fact]
    public void A_folder_a_workbook_and_what_is_no_text_say_so()
    {
        using var file = new ScratchFile("r.csv", "PK\u0003\u0004\u0014\u0000");
        using var binary = new ScratchFile("r.csv", "interval_end\u0000\u0001");

        FluentActions.Invoking(() => RecordingFile.Open(file.Folder)).Should().Throw<FileFaultException>().WithMessage("*it is a folder: name a file in it*");
        FluentActions.Invoking(() => RecordingFile.Open(file.Path)).Should().Throw<FileFaultException>().WithMessage("*zip archive or a workbook*save the sheet as CSV*");
        FluentActions.Invoking(() => RecordingFile.Open(binary.Path)).Should().Throw<FileFaultException>().WithMessage("*it is no text: give a CSV file*");
    }

    [Fact]
    public void A_pipe_is_refused_with_what_to_do()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux gives a pipe a name.");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);

        FluentActions.Invoking(() => RecordingFile.Open($"/proc/self/fd/{pipe.GetClientHandleAsString()}")).Should().Throw<FileFaultException>().WithMessage("*it is a pipe*save it to a file*");
    }

    [Fact]
    public void The_daily_recording_of_Sceaux_is_read_to_the_watt_hour()
    {
        var path = Checkout.Neighbouring("data", "sceaux-household-daily.csv");

        var days = RecordingFile.Open(path).Read().ToArray();

        var expectedKWh = File.ReadLines(path).Skip(1).Select(l => l.Split(',')).Where(c => c[7] is "0")
            .Sum(c => decimal.Parse(c[1], System.Globalization.CultureInfo.InvariantCulture));
        days.Should().HaveCount(1_440);
        days.Sum(d => d.Wh).Should().Be((long)decimal.Floor(expectedKWh * 1000));
        days.Should().OnlyContain(d => LocalCalendar.For("Europe/Paris").Whole(LocalCalendar.For("Europe/Paris").DayOf(d.Start)) == new Slot(d.Start, d.End));
    }
}
