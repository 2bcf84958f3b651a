using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

public class HouseholdConsumptionTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");
    private static readonly HouseholdId Home = HouseholdId.Parse("h-1");

    [Fact]
    public void Every_local_day_of_twenty_one_years_adds_up_to_the_register()
    {
        // A register that gains 7 Wh a quarter of an hour: a day's energy tells its length.
        for (var day = new LocalDate(2020, 1, 1); day < new LocalDate(2041, 1, 1); day = day.PlusDays(1))
        {
            var (start, end) = Paris.Whole(day);
            List<Reading> readings = [];
            for (var (at, wh) = (start, 0L); at <= end; at += Duration.FromMinutes(15), wh += 7) readings.Add(new(MeterName.Parse("m"), at, new(wh)));

            var computed = HouseholdConsumption.DayOf(Home, day, [Always(new(readings, []))], Paris);

            computed.ImportWh.Should().Be(7 * (long)((end - start).TotalMinutes / 15));
            computed.Quality.Should().Be(Quality.Measured);
        }
    }

    [Fact]
    public void Two_meters_one_after_the_other_make_one_day()
    {
        var day = new LocalDate(2026, 11, 24);
        var (start, end) = Paris.Whole(day);
        var swap = start + Duration.FromMinutes(610); // in the middle of a half-hour
        MeteredInterval[] meters =
        [
            new(Install("old", start, swap), new([At("old", start, 1_000), At("old", swap, 1_610)], [])),
            new(Install("new", swap, null), new([At("new", swap, 0), At("new", end, 830)], [])),
        ];

        var computed = HouseholdConsumption.DayOf(Home, day, meters, Paris);

        computed.ImportWh.Should().Be(610 + 830);
        computed.Slots.Should().OnlyContain(s => s.ImportWh != null);
    }

    [Fact]
    public void Two_meters_that_hung_at_once_do_not_make_up_for_a_time_without_any()
    {
        var (start, end) = Paris.Whole(new(2026, 11, 24));
        Instant down = start + Duration.FromMinutes(735), up = start + Duration.FromMinutes(760); // from 12:15 to 12:40 none hangs
        MeteredInterval[] meters =
        [
            new(Install("a", start, down), new([At("a", start, 0), At("a", down, 735)], [])),
            new(Install("b", start, down), new([At("b", start, 0), At("b", down, 735)], [])),
            new(Install("c", up, null), new([At("c", up, 0), At("c", end, 680)], [])),
        ];

        var computed = HouseholdConsumption.DayOf(Home, new(2026, 11, 24), meters, Paris);

        computed.Slots.Index().Where(s => s.Item.ImportWh is null).Select(s => s.Index).Should().Equal(24, 25);
    }

    [Fact]
    public void A_day_before_the_meter_hung_is_unknown()
    {
        var day = new LocalDate(2026, 11, 24);
        var meter = new MeteredInterval(Install("m", Paris.StartOf(day.PlusDays(1)), null), new([], []));

        HouseholdConsumption.DayOf(Home, day, [meter], Paris).Quality.Should().Be(Quality.Unknown);
    }

    [Fact]
    public void One_unknown_half_hour_makes_the_day_partial()
    {
        var day = new LocalDate(2026, 11, 24);
        var (start, end) = Paris.Whole(day);
        var restart = new MeterEvent(MeterEventKind.RegisterRestart, MeterName.Parse("m"), start + Duration.FromHours(12), 1_000, 1_000);
        var curve = new RegisterCurve([At("m", start, 0), At("m", start + Duration.FromMinutes(690), 1_000), At("m", restart.At, 1_000), At("m", end, 1_500)], [restart]);

        var computed = HouseholdConsumption.DayOf(Home, day, [Always(curve)], Paris);

        computed.Quality.Should().Be(Quality.Partial);
        computed.ImportWh.Should().Be(1_500);
        computed.Slots.Count(s => s.ImportWh is null).Should().Be(1);
    }

    private static MeteredInterval Always(RegisterCurve curve) => new(Install("m", Instant.FromUtc(2000, 1, 1, 0, 0), null), curve);

    private static MeterInstall Install(string meter, Instant from, Instant? to) =>
        new(MeterName.Parse(meter), MeterKind.Main, GatewayName.Parse("gw-1"), Home, from, to);

    private static Reading At(string meter, Instant at, long wh) => new(MeterName.Parse(meter), at, new(wh));
}
