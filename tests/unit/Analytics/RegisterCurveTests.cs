using CsCheck;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

public class RegisterCurveTests
{
    private static readonly MeterName Meter = MeterName.Parse("m-1");
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");
    private static readonly Instant Midnight = Paris.StartOf(new(2026, 11, 24));

    [Fact]
    public void However_readings_fall_the_slots_add_up_to_the_register_difference() =>
        Gen.Select(Gen.Int[1, 40 * 60].Array[2, 200], Gen.Int[0, 900].Array[200], Gen.Int[-600, 600]).Sample((steps, energies, offset) =>
        {
            var at = Midnight + Duration.FromSeconds(offset);
            long register = 5_000;
            List<Reading> readings = [];
            foreach (var (step, energy) in steps.Zip(energies))
            {
                readings.Add(At(at, register));
                at += Duration.FromSeconds(step);
                register += energy;
            }

            var curve = new RegisterCurve(readings, []);
            List<Slot> slots = [];
            for (var start = readings[0].At; start < readings[^1].At; start += LocalCalendar.SlotLength)
                slots.Add(new(start, Instant.Min(start + LocalCalendar.SlotLength, readings[^1].At)));

            slots.Sum(s => curve.Between(s.Start, s.End).ImportWh).Should().Be(readings[^1].Registers.ImportWh - readings[0].Registers.ImportWh);
        });

    [Fact]
    public void A_border_between_two_readings_is_interpolated_once_and_rounded_down()
    {
        var curve = new RegisterCurve([At(Midnight - Minutes(10), 100), At(Midnight + Minutes(20), 110)], []);

        curve.Between(Midnight - Minutes(10), Midnight).Should().Be(new SlotEnergy(3, null, Quality.Measured));
        curve.Between(Midnight, Midnight + Minutes(20)).Should().Be(new SlotEnergy(7, null, Quality.Measured));
    }

    [Theory]
    [InlineData(45, Quality.Measured)]
    [InlineData(46, Quality.Interpolated)]
    [InlineData(120, Quality.Interpolated)]
    [InlineData(7 * 24 * 60, Quality.Interpolated)]
    [InlineData((7 * 24 * 60) + 1, Quality.Unknown)]
    public void The_gap_between_readings_decides_the_quality(int minutes, Quality quality)
    {
        var curve = new RegisterCurve([At(Midnight, 100), At(Midnight + Minutes(minutes), 190)], []);

        curve.Between(Midnight, Midnight + Minutes(30)).Quality.Should().Be(quality);
    }

    [Fact]
    public void Beyond_the_readings_nothing_is_known()
    {
        var curve = new RegisterCurve([At(Midnight, 100), At(Midnight + Minutes(30), 190)], []);

        curve.Between(Midnight + Minutes(15), Midnight + Minutes(45)).Should().Be(SlotEnergy.Unknown);
        curve.Between(Midnight - Minutes(30), Midnight).Should().Be(SlotEnergy.Unknown);
    }

    [Fact]
    public void After_a_restart_what_passed_before_is_unknown_and_the_rest_is_not()
    {
        var restart = new MeterEvent(MeterEventKind.RegisterRestart, Meter, Midnight + Minutes(60), 190, 190);
        var curve = new RegisterCurve([At(Midnight, 100), At(Midnight + Minutes(30), 190), At(Midnight + Minutes(60), 190), At(Midnight + Minutes(90), 200)], [restart]);

        curve.Between(Midnight, Midnight + Minutes(30)).ImportWh.Should().Be(90);
        curve.Between(Midnight + Minutes(30), Midnight + Minutes(60)).Should().Be(SlotEnergy.Unknown);
        curve.Between(Midnight + Minutes(60), Midnight + Minutes(90)).ImportWh.Should().Be(10);
    }

    [Fact]
    public void A_meter_swap_loses_no_watt_hour()
    {
        var swap = new MeterEvent(MeterEventKind.MeterSwap, Meter, Midnight + Minutes(10), 150, 7);
        var curve = new RegisterCurve([At(Midnight, 100), At(Midnight + Minutes(30), 27)], [swap]);

        curve.Between(Midnight, Midnight + Minutes(30)).Should().Be(new SlotEnergy(50 + 20, null, Quality.Measured));
    }

    [Fact]
    public void A_register_that_falls_without_an_event_counts_as_unknown_never_as_negative()
    {
        var curve = new RegisterCurve([At(Midnight, 100), At(Midnight + Minutes(30), 90)], []);

        curve.Between(Midnight, Midnight + Minutes(30)).Should().Be(SlotEnergy.Unknown);
    }

    [Fact]
    public void A_register_that_rolls_over_is_a_swap_with_itself_and_loses_nothing()
    {
        var rollover = new MeterEvent(MeterEventKind.MeterSwap, Meter, Midnight + Minutes(15), 100_000_000, 0);
        var curve = new RegisterCurve([At(Midnight, 99_999_900), At(Midnight + Minutes(30), 250)], [rollover]);

        curve.Between(Midnight, Midnight + Minutes(30)).Should().Be(new SlotEnergy(350, null, Quality.Measured));
    }

    [Fact]
    public void A_reading_that_does_not_tell_the_export_is_passed_over_for_it()
    {
        var curve = new RegisterCurve(
            [new(Meter, Midnight, new(100, 50)), new(Meter, Midnight + Minutes(30), new(110)), new(Meter, Midnight + Minutes(60), new(120, 90))], []);

        curve.Between(Midnight, Midnight + Minutes(30)).Should().Be(new SlotEnergy(10, 20, Quality.Measured));
        curve.Between(Midnight + Minutes(30), Midnight + Minutes(60)).ExportWh.Should().Be(20);
    }

    [Fact]
    public void Export_is_counted_like_import_where_the_meter_says_it()
    {
        var curve = new RegisterCurve(
            [new(Meter, Midnight, new(100, 50)), new(Meter, Midnight + Minutes(30), new(100, 80)), new(Meter, Midnight + Minutes(60), new(110))], []);

        curve.Between(Midnight, Midnight + Minutes(30)).ExportWh.Should().Be(30);
        curve.Between(Midnight + Minutes(30), Midnight + Minutes(60)).ExportWh.Should().BeNull();
    }

    private static Duration Minutes(int minutes) => Duration.FromMinutes(minutes);

    private static Reading At(Instant at, long wh) => new(Meter, at, new(wh));
}
