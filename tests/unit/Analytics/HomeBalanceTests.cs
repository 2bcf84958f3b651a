using CsCheck;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

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

    private static SlotEnergy Flow(long importWh, long exportWh) => new(importWh, exportWh, Quality.Measured);
}
