using System.Globalization;
using System.Text;
using CsCheck;
using Grid.Analytics;
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
    public void Where_the_file_tells_the_length_of_its_intervals_a_missing_one_stays_a_gap()
    {
        using var file = new ScratchFile("load.csv", Export(Each(60, 120, 180, 240), minutes: "30"));

        Lengths(file).Should().Equal(30, 30, 30, 30);
    }

    [Theory]
    [InlineData("PT30M", 30)]
    [InlineData("PT1H", 60)]
    [InlineData("10", 10)]
    public void The_length_is_written_as_minutes_or_as_a_period(string minutes, int expected)
    {
        using var file = new ScratchFile("load.csv", Export(Each(60), minutes: minutes));

        Lengths(file).Should().Equal(expected);
    }

    [Fact]
    public void A_row_that_tells_its_own_length_is_believed_before_the_head()
    {
        using var file = new ScratchFile("load.csv", Export([], minutes: "60").Replace("Horodate;Valeur", "Horodate;Valeur;Pas", StringComparison.Ordinal)
            + "2026-01-01T01:00:00+01:00;1000;\n2026-01-01T02:00:00+01:00;1000;60\n2026-01-01T03:00:00+01:00;1000;30\n2026-01-01T03:30:00+01:00;1000;30\n");

        Lengths(file).Should().Equal(60, 60, 30, 30);
    }

    [Fact]
    public void A_further_head_of_the_same_meter_tells_the_new_length()
    {
        using var file = new ScratchFile("load.csv", Export(Each(60, 120), minutes: "60") + Export(Each(180, 210), minutes: "30")[1..]);

        Lengths(file).Should().Equal(60, 60, 30, 30);
    }

    [Theory]
    [InlineData("20", "*line 2, column Pas en minutes: '20' is no interval of a load curve*5, 10, 15, 30 or 60*")]
    [InlineData("60", "*line 5, column Horodate: it stands 30 minutes after the stamp in line 4, less than the interval's 60 minutes*")]
    public void A_length_that_cannot_be_is_refused(string minutes, string expected)
    {
        using var file = new ScratchFile("load.csv", Export(Each(30, 60), minutes: minutes));

        Faulty(file, expected);
    }

    [Fact]
    public void A_meter_that_went_from_hours_to_half_hours_had_hours_before_where_nothing_tells()
    {
        int[] ends = [.. Enumerable.Range(1, 10 * 24).Select(i => i * 60), .. Enumerable.Range(1, 10 * 48).Select(i => (10 * 24 * 60) + (i * 30))];
        using var file = new ScratchFile("load.csv", Export(Each(ends)));

        var lengths = Lengths(file).ToList();

        lengths.Take(8 * 24).Should().OnlyContain(length => length == 60);
        lengths.Skip(10 * 24).Should().OnlyContain(length => length == 30);
    }

    [Fact]
    public void Rows_that_are_dropped_never_add_energy_and_never_leave_their_day_measured() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[1, 9_000].Array[144], Gen.Bool.Array[144]).Sample((step, change, watts, kept) =>
        {
            var minutes = ((int[])[10, 30, 60])[step];
            var day = (LocalDate[])[new(2026, 3, 29), new(2026, 10, 25), new(2026, 1, 14)];
            var whole = Paris.Whole(day[change]);
            var rows = Enumerable.Range(1, (int)((whole.End - whole.Start).TotalMinutes / minutes))
                .Select(i => (At: whole.Start + Duration.FromMinutes(i * minutes), Watts: (long?)watts[i % 144], Kept: kept[i % 144])).ToList();
            var left = rows.Where(row => row.Kept).ToList();
            if (left.Count == 0) return;
            using var file = new ScratchFile("load.csv", Export(left.Select(row => (row.At, row.Watts)), minutes: $"{minutes}"));

            var found = CurveDays.Of(EnedisCsv.ReadPower(file.Path, new()).Select(i => (new Slot(i.Start, i.End), i.Watts)), Paris).Should().ContainSingle().Subject;

            found.WattMinutes.Should().Be(left.Sum(row => row.Watts!.Value) * minutes);
            found.Quality.Should().Be(left.Count == rows.Count ? Quality.Measured : Quality.Partial);
        }, iter: 100);

    [Fact]
    public void Where_nothing_tells_the_length_rows_that_are_dropped_add_no_energy_as_long_as_the_steps_betray_it() =>
        Gen.Bool.Array[40].Sample(kept =>
        {
            var left = Enumerable.Range(1, 40).Where(i => kept[i - 1] || i is 20 or 21).ToArray();
            using var file = new ScratchFile("load.csv", Export(Each([.. left.Select(i => i * 30)])));

            Lengths(file).Should().HaveCount(left.Length).And.OnlyContain(length => length == 30);
        }, iter: 100);

    [Theory]
    [InlineData(new[] { 30, 60, 120, 180, 210 }, new[] { 30, 30, 30, 30, 30 })]
    [InlineData(new[] { 30, 60, 120, 180 }, new[] { 30, 30, 30, 30 })]
    [InlineData(new[] { 10, 20, 50, 80, 110, 120 }, new[] { 10, 10, 10, 10, 10, 10 })]
    [InlineData(new[] { 30, 60, 120, 180, 240, 300, 330 }, new[] { 30, 30, 30, 30, 30, 30, 30 })]
    [InlineData(new[] { 60, 120, 210, 300 }, new[] { 30, 30, 30, 30 })]
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

    [Theory]
    [InlineData("Unite")]
    [InlineData("Unité")]
    [InlineData("UNITÉ")]
    [InlineData("UnitÃ©")]
    [InlineData("\"Unite\"")]
    public void Another_unit_than_watts_is_refused(string name)
    {
        using var file = new ScratchFile("load.csv", Export([]).Replace(";W;", ";VA;", StringComparison.Ordinal).Replace("Unite", name, StringComparison.Ordinal));

        Faulty(file, "*line 2, column Unite: *'VA'*courbe de charge*");
    }

    [Fact]
    public void The_unit_is_read_in_Windows_1252_too()
    {
        using var file = new ScratchFile("load.csv");
        File.WriteAllBytes(file.Path, Encoding.Latin1.GetBytes(Export(Each(30, 60))[1..].Replace(";W;", ";kW;", StringComparison.Ordinal).Replace("Unite", "Unité", StringComparison.Ordinal)));

        Faulty(file, "*line 2*'kW'*");
    }

    [Theory]
    [InlineData("Mes mesures\r\n")]
    [InlineData("\r\nExport;du;01/02/2026\r\nMes mesures;;\r\n")]
    public void Lines_above_the_head_hide_neither_the_meter_nor_the_unit(string above)
    {
        using var file = new ScratchFile("load.csv", "\uFEFF" + above + Export(Each(30, 60))[1..]);
        using var other = new ScratchFile("load.csv", "\uFEFF" + above + Export(Each(30, 60))[1..].Replace(";W;", ";kVA;", StringComparison.Ordinal));

        RecordingFile.Open(file.Path).ReadSeries().Should().ContainSingle().Which.Household.Should().Be("01234567890123");
        Faulty(other, "*'kVA'*");
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("PROD")]
    [InlineData("Injection")]
    public void What_flows_into_the_grid_is_not_read_as_consumption(string direction)
    {
        using var file = new ScratchFile("load.csv", Export(Each(30, 60)).Replace("Consommation", direction, StringComparison.Ordinal).Replace("Grandeur metier", "Grandeur métier", StringComparison.Ordinal));

        Faulty(file, $"*line 2, column Grandeur metier: the values are '{direction}'*'Consommation'*");
    }

    [Fact]
    public void A_second_meter_in_the_file_is_refused_where_it_begins()
    {
        using var file = new ScratchFile("load.csv", Export(Each(30, 60)) + Export(Each(90, 120))[1..].Replace("01234567890123", "09999999999999", StringComparison.Ordinal));

        Faulty(file, "*line 7, column Identifiant PRM: here begins meter 09999999999999, and what stands above is of 01234567890123*file of its own*");
    }

    [Fact]
    public void Rows_in_any_order_and_doubled_rows_read_as_in_order_and_once()
    {
        using var file = new ScratchFile("load.csv", Export(Each(90, 30, 60, 30, 90, 90)));

        RecordingFile.Open(file.Path).Read().Select(i => i.End).Should().Equal(Each(30, 60, 90).Select(row => row.At));
    }

    [Fact]
    public void Two_values_of_one_stamp_are_refused_with_both_lines()
    {
        var at = Instant.FromUtc(2026, 1, 1, 0, 0);
        using var file = new ScratchFile("load.csv", Export([(at, 100), (at + Duration.FromMinutes(30), 100), (at, 101)]));

        Faulty(file, "*line 6, column Horodate: line 4 has the same stamp and says otherwise*");
    }

    [Theory]
    [InlineData(new int[0], "*line 3: no row stands below it: download a period*")]
    [InlineData(new[] { 30 }, "*line 4: one row does not tell how long its interval is: download a longer period, or write the minutes below 'Pas en minutes'*")]
    [InlineData(new[] { 20, 40, 60 }, "*line 5, column Horodate: it stands 20 minutes after the stamp in line 4, and no load curve has such intervals*5, 10, 15, 30 or 60*")]
    [InlineData(new[] { 30, 60, 91, 120 }, "*line 6, column Horodate: it stands 31 minutes after the stamp in line 5*")]
    [InlineData(new[] { 120, 240 }, "*line 5, column Horodate: it stands 120 minutes after*")]
    public void Stamps_that_tell_no_length_are_refused_with_what_to_do(int[] minutes, string expected)
    {
        using var file = new ScratchFile("load.csv", Export(Each(minutes)));

        Faulty(file, expected);
    }

    [Fact]
    public void Rows_without_any_value_are_refused()
    {
        using var file = new ScratchFile("load.csv", Export(Each(30, 60).Select(row => (row.At, (long?)null))));

        Faulty(file, "*none of its rows has a value*");
    }

    [Theory]
    [InlineData("Identifiant PRM;Unite\nHorodate;Valeur\n", "*line 1: no line below it says what it names*")]
    [InlineData("Identifiant PRM;0123\nUnite;VA\nHorodate;Valeur\n", "*line 2: it names columns as line 1 does*")]
    [InlineData("Identifiant PRM;Unite\n1,2E+13;W\nHorodate;Valeur\n", "*line 2, column Identifiant PRM: '1,2E+13' is no PRM*")]
    [InlineData("a;b\nc;d\n", "*no line 'Horodate;Valeur' is among its first 20: give a load curve*")]
    public void A_head_that_cannot_be_read_says_why(string text, string expected)
    {
        using var file = new ScratchFile("load.csv", text);

        FluentActions.Invoking(() => EnedisCsv.ReadPower(file.Path, new()).ToList()).Should().Throw<FileFaultException>().WithMessage(expected);
    }

    [Fact]
    public void A_file_that_names_no_meter_is_named_after_itself_or_says_how_to_rename_it()
    {
        using var named = new ScratchFile("home-7.csv", Export(Each(30, 60))[1..].Replace("01234567890123", "", StringComparison.Ordinal));
        using var odd = new ScratchFile("home 7.csv", File.ReadAllText(named.Path));

        RecordingFile.Open(named.Path).ReadSeries().Single().Household.Should().Be("home-7");
        Faulty(odd, "*'home 7' cannot name a household: the file names none, so its own name, up to the first point, must be of 1 to*");
    }

    private static void Faulty(ScratchFile file, string expected) =>
        FluentActions.Invoking(() => RecordingFile.Open(file.Path).ReadSeries()).Should().Throw<FileFaultException>().WithMessage(expected);

    private static IEnumerable<int> Lengths(ScratchFile file) => RecordingFile.Open(file.Path).Read().Select(i => (int)(i.End - i.Start).TotalMinutes);

    private static IEnumerable<(Instant At, long? Watts)> Each(params int[] minutes) => minutes.Select(m => (Instant.FromUtc(2026, 1, 1, 0, 0) + Duration.FromMinutes(m), (long?)600));

    private static string Export(IEnumerable<(Instant At, long? Watts)> values, string minutes = "")
    {
        var text = new StringBuilder("\uFEFFIdentifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite;Pas en minutes\r\n")
            .Append(CultureInfo.InvariantCulture, $"01234567890123;Courbe de charge;01/01/2026;02/01/2026;Energie active;Consommation;Comptage Brut;W;{minutes}\r\nHorodate;Valeur\r\n");
        foreach (var (at, watts) in values)
            text.Append(CultureInfo.InvariantCulture, $"{Paris.Local(at).ToDateTimeOffset():yyyy-MM-dd'T'HH:mm:sszzz};{watts}\r\n");
        return text.ToString();
    }
}
