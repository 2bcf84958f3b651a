using CsCheck;
using Grid.Domain;

namespace Grid.UnitTests.Domain;

/// <summary>METHOD.md rule 1.10.</summary>
public class HomeBalanceTests
{
    [Fact]
    public void What_flows_through_a_home_with_panels_battery_and_car_comes_out_as_what_it_uses() =>
        Gen.Int[0, 5_000].Array[4].Sample(wh =>
        {
            // The home's own devices, its car, panels, and a battery that either fills or empties.
            var (devices, car, made, battery) = (wh[0], wh[1], wh[2], wh[3] - 2_500);
            var net = devices + car - made + battery;

            var balance = HomeBalance.Of(
            [
                (MeterKind.Main, Flow(Math.Max(net, 0), Math.Max(-net, 0))), (MeterKind.Pv, Flow(0, made)), (MeterKind.Battery, Flow(Math.Max(battery, 0), Math.Max(-battery, 0))),
                (MeterKind.EvCharger, Flow(car, 0)), (MeterKind.SubMeter, Flow(devices / 2, 0)),
            ])!;

            balance.UsedWh.Should().Be(devices + car);
            balance.EvWh.Should().Be(car);
            balance.SelfConsumption.Should().Match(s => made == 0 ? s == null : s >= 0 && s <= 1);
            balance.SelfSufficiency.Should().Match(s => devices + car == 0 ? s == null : s >= 0 && s <= 1);
        });

    [Fact]
    public void With_one_flow_unknown_the_whole_is_and_without_a_main_meter_there_is_none()
    {
        HomeBalance.Of([(MeterKind.Main, Flow(100, 0)), (MeterKind.Pv, SlotEnergy.Unknown)]).Should().BeNull();
        HomeBalance.Of([(MeterKind.Pv, Flow(0, 100))]).Should().BeNull();
        HomeBalance.Of([(MeterKind.Main, Flow(100, 0)), (MeterKind.Feeder, SlotEnergy.Unknown)])!.UsedWh.Should().Be(100);
    }

    [Fact]
    public void What_left_a_home_that_makes_something_must_be_known_and_of_one_that_makes_nothing_it_is_nothing()
    {
        SlotEnergy importOnly = new(100, null, Quality.Measured);

        HomeBalance.Of([(MeterKind.Main, importOnly), (MeterKind.Pv, Flow(0, 40))]).Should().BeNull();
        HomeBalance.Of([(MeterKind.Main, Flow(100, 0)), (MeterKind.Pv, importOnly)]).Should().BeNull();
        HomeBalance.Of([(MeterKind.Main, Flow(100, 0)), (MeterKind.Battery, importOnly)]).Should().BeNull();
        HomeBalance.Of([(MeterKind.Main, importOnly), (MeterKind.EvCharger, new(60, null, Quality.Measured))]).Should().Be(new HomeBalance(100, 0, 0, 0, 0, 60));
    }

    [Theory]
    [InlineData(Quality.Interpolated, true)]
    [InlineData(Quality.Manual, true)]
    [InlineData(Quality.SimilarDay, false)]
    public void What_other_days_have_filled_tells_no_balance(Quality quality, bool told) =>
        (HomeBalance.Of([(MeterKind.Main, new(100, 0, quality)), (MeterKind.Pv, Flow(0, 40))]) is not null).Should().Be(told);

    [Fact]
    public void Two_spans_together_have_the_shares_of_their_sums()
    {
        HomeBalance sunny = new(0, 60, 100, 0, 0, 0);
        HomeBalance dark = new(60, 0, 0, 0, 0, 10);

        var both = sunny + dark;

        both.Should().Be(new HomeBalance(60, 60, 100, 0, 0, 10));
        (both.UsedWh, both.SelfConsumption, both.SelfSufficiency).Should().Be((100, 0.4, 0.4));
    }

    private static SlotEnergy Flow(long importWh, long exportWh) => new(importWh, exportWh, Quality.Measured);
}
