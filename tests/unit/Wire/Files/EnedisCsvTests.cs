using System.Globalization;
using System.Text;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire;

public class EnedisCsvTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");

    [Theory]
    [InlineData(2026, 3, 29, 46)]
    [InlineData(2026, 10, 25, 50)]
    public void A_day_on_which_the_clocks_change_keeps_all_its_half_hours(int year, int month, int day, int halfHours)
    {
        var date = new LocalDate(year, month, day);
        using var file = new ScratchFile("load.csv", Export(Paris.SlotsOf(date).Select((s, i) => (s.End, (long?)(100 + i)))));

        var read = RecordingFile.Open(file.Path).ReadSeries().Single();

        read.Household.Should().Be("01234567890123");
        read.Intervals.Should().HaveCount(halfHours);
        read.Intervals.Select(i => new Slot(i.Start, i.End)).Should().Equal(Paris.SlotsOf(date));
        read.TotalWh.Should().Be(Enumerable.Range(100, halfHours).Sum() / 2);
    }

    [Fact]
    public void Fractions_of_a_watt_hour_are_carried_on()
    {
        var start = Instant.FromUtc(2026, 1, 1, 0, 0);
        using var file = new ScratchFile("load.csv", Export(Enumerable.Range(1, 6).Select(i => (start + Duration.FromMinutes(10 * i), (long?)101))));

        RecordingFile.Open(file.Path).Read().Select(i => i.Wh).Should().Equal(16, 17, 17, 17, 17, 17);
    }

    [Fact]
    public void A_new_interval_length_is_followed_and_a_missing_sample_stays_a_gap()
    {
        var at = Instant.FromUtc(2026, 1, 1, 0, 0);
        int[] minutes = [30, 60, 120, 150, 160, 170, 180, 240, 300];
        using var file = new ScratchFile("load.csv", Export(minutes.Select(m => (at + Duration.FromMinutes(m), (long?)600))));

        RecordingFile.Open(file.Path, new() { Interval = Duration.FromMinutes(30) }).Read().Select(i => (i.End - i.Start).TotalMinutes)
            .Should().Equal(30, 30, 30, 30, 10, 10, 10, 60, 60);
    }

    [Theory]
    [InlineData(new[] { 30, 60, 120, 180, 210 }, new[] { 30, 30, 30, 30, 30 })]
    [InlineData(new[] { 30, 60, 120, 180 }, new[] { 30, 30, 30, 30 })]
    [InlineData(new[] { 10, 20, 50, 80, 110, 120 }, new[] { 10, 10, 10, 10, 10, 10 })]
    [InlineData(new[] { 30, 60, 120, 180, 240, 300, 330 }, new[] { 30, 30, 60, 60, 60, 60, 30 })]
    public void Samples_that_are_missing_one_by_one_make_no_new_length(int[] minutes, int[] lengths)
    {
        var at = Instant.FromUtc(2026, 1, 1, 0, 0);
        using var file = new ScratchFile("load.csv", Export(minutes.Select(m => (at + Duration.FromMinutes(m), (long?)600))));

        RecordingFile.Open(file.Path).Read().Select(i => (int)(i.End - i.Start).TotalMinutes).Should().Equal(lengths);
    }

    [Fact]
    public void An_empty_value_is_a_gap()
    {
        var at = Instant.FromUtc(2026, 1, 1, 0, 0);
        using var file = new ScratchFile("load.csv", Export([(at, 100), (at + Duration.FromMinutes(30), null), (at + Duration.FromMinutes(60), 100)]));

        RecordingFile.Open(file.Path).Read().Select(i => i.End).Should().Equal(at, at + Duration.FromMinutes(60));
    }

    [Theory]
    [InlineData("2026-01-01T00:30:00+01:00;x", "*line 4, column Valeur: 'x' is no whole number of W*")]
    [InlineData("01/01/2026 00:30;12", "*line 4, column Horodate:*says no offset*")]
    public void A_fault_says_line_and_column(string row, string expected)
    {
        using var file = new ScratchFile("load.csv", Export([]) + row + "\r\n");

        FluentActions.Invoking(() => RecordingFile.Open(file.Path).ReadSeries()).Should().Throw<FileFaultException>().WithMessage(expected);
    }

    [Fact]
    public void Another_unit_than_watts_is_refused()
    {
        using var file = new ScratchFile("load.csv", Export([]).Replace(";W;", ";VA;", StringComparison.Ordinal));

        FluentActions.Invoking(() => RecordingFile.Open(file.Path).ReadSeries()).Should().Throw<FileFaultException>().WithMessage("*line 2*'VA'*courbe de charge*");
    }

    private static string Export(IEnumerable<(Instant At, long? Watts)> values)
    {
        var text = new StringBuilder("\uFEFFIdentifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite;Pas en minutes\r\n")
            .Append("01234567890123;Courbe de charge;01/01/2026;02/01/2026;Energie active;Consommation;Comptage Brut;W;\r\nHorodate;Valeur\r\n");
        foreach (var (at, watts) in values)
            text.Append(CultureInfo.InvariantCulture, $"{Paris.Local(at).ToDateTimeOffset():yyyy-MM-dd'T'HH:mm:sszzz};{watts}\r\n");
        return text.ToString();
    }
}
