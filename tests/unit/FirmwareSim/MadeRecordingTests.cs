using System.Globalization;
using System.Text;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.UnitTests.Wire;
using Grid.Wire;

namespace Grid.UnitTests.FirmwareSim;

/// <summary>How the recording in tests/cases was made. Run with GRID_WRITE_CASES=1 to write it anew.</summary>
public class MadeRecordingTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");
    private static readonly LocalDate FirstDay = new(2026, 3, 24);
    private static readonly string File = Path.Combine(Checkout.Root, "tests", "cases", "recordings", "made-by-firmware-sim-wide.csv");

    [Fact]
    public void The_recording_in_the_cases_is_what_the_simulator_makes()
    {
        if (Environment.GetEnvironmentVariable("GRID_WRITE_CASES") is "1") System.IO.File.WriteAllText(File, Make());

        System.IO.File.ReadAllText(File).Should().Be(Make());
    }

    [Fact]
    public void It_spans_ten_local_days_one_of_23_hours_and_has_a_gap_and_a_missing_day()
    {
        var series = RecordingFile.Open(File).ReadSeries();

        series.Select(s => s.Household).Should().Equal("h-0001", "h-0002", "h-0003");
        series.Select(s => s.Intervals.Count).Should().Equal(478, 478 - 7, 478 - 48);
        series[0].TotalWh.Should().Be(Homes()[0].RegisterWh(Paris.StartOf(FirstDay.PlusDays(10))) - Homes()[0].RegisterWh(Paris.StartOf(FirstDay)));
    }

    private static IReadOnlyList<SimulatedHome> Homes() => new SimulatedNeighbourhood(2026, 3).Homes;

    private static string Make()
    {
        var homes = Homes();
        var text = new StringBuilder("interval_end,").AppendJoin(',', homes.Select(h => h.Household.Id)).Append('\n');
        for (var day = FirstDay; day < FirstDay.PlusDays(10); day = day.PlusDays(1))
        {
            foreach (var slot in Paris.SlotsOf(day))
            {
                text.Append(CultureInfo.InvariantCulture, $"{Paris.Local(slot.End).ToDateTimeOffset():yyyy-MM-dd'T'HH:mmzzz}");
                for (var i = 0; i < homes.Count; i++)
                    text.Append(',').Append(IsMissing(i, day, slot) ? "" : (homes[i].RegisterWh(slot.End) - homes[i].RegisterWh(slot.Start)).ToString(CultureInfo.InvariantCulture));
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The second home misses 10:00 to 13:30 on 26 March, the third all of 31 March.</summary>
    private static bool IsMissing(int home, LocalDate day, Slot slot) => home switch
    {
        1 => day == new LocalDate(2026, 3, 26) && slot.Start >= Paris.StartOf(day) + Duration.FromHours(10) && slot.End <= Paris.StartOf(day) + Duration.FromMinutes(810),
        2 => day == new LocalDate(2026, 3, 31),
        _ => false,
    };
}
