using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

/// <summary>METHOD.md rule 1.12.</summary>
public class ConservationTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");
    private static readonly HouseholdId Home = HouseholdId.Parse("h-1");
    private static readonly MeterName Meter = MeterName.Parse("m-1");
    private static readonly LocalDate Day = new(2026, 10, 25);

    [Fact]
    public void A_day_as_it_was_computed_holds_and_one_a_watt_hour_off_does_not()
    {
        var meters = Metered(Paris.StartOf(Day), Paris.StartOf(Day.PlusDays(1)));
        var computed = HouseholdConsumption.DayOf(Home, Day, meters, Paris);

        Conservation.Broken(computed, meters, Paris).Should().BeNull();
        var slots = computed.Slots.SetItem(7, computed.Slots[7] with { ImportWh = computed.Slots[7].ImportWh + 1 });
        Conservation.Broken(new(Home, Day, slots), meters, Paris).Should().Be(50 * 30);
    }

    [Fact]
    public void A_day_that_lacks_a_slot_although_its_registers_are_known_is_broken()
    {
        var meters = Metered(Paris.StartOf(Day), Paris.StartOf(Day.PlusDays(1)));
        var computed = HouseholdConsumption.DayOf(Home, Day, meters, Paris);

        Conservation.Broken(new(Home, Day, computed.Slots.SetItem(7, SlotEnergy.Unknown)), meters, Paris).Should().Be(50 * 30);
    }

    [Fact]
    public void Where_the_registers_do_not_tell_nothing_is_broken()
    {
        var meters = Metered(Paris.StartOf(Day), Paris.StartOf(Day) + Duration.FromHours(3));

        Conservation.Broken(HouseholdConsumption.DayOf(Home, Day, meters, Paris), meters, Paris).Should().BeNull();
        Conservation.Broken(HouseholdConsumption.DayOf(Home, Day, [], Paris), [], Paris).Should().BeNull();
    }

    [Fact]
    public void Two_meters_that_both_end_on_a_day_leave_its_rest_to_nobody()
    {
        var meters = Metered(Paris.StartOf(Day), Paris.StartOf(Day.PlusDays(1)));
        MeteredInterval Until(int hours) => meters[0] with { Install = meters[0].Install with { To = Paris.StartOf(Day) + Duration.FromHours(hours) } };
        MeteredInterval[] ended = [Until(18), Until(12)];

        Conservation.Broken(HouseholdConsumption.DayOf(Home, Day, ended, Paris), ended, Paris).Should().BeNull();
    }

    private static MeteredInterval[] Metered(Instant from, Instant to)
    {
        List<Reading> readings = [];
        for (var (at, wh) = (from, 0L); at <= to; at += Duration.FromMinutes(30), wh += 30) readings.Add(new(Meter, at, new(wh)));
        return [new(new(Meter, MeterKind.Main, GatewayName.Parse("gw-1"), Home, Instant.FromUtc(2020, 1, 1, 0, 0), null), new(readings, []))];
    }
}
