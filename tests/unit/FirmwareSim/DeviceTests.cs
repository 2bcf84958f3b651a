using Grid.Domain;
using Grid.FirmwareSim;

namespace Grid.UnitTests.FirmwareSim;

public class DeviceTests
{
    private static readonly Instant From = Instant.FromUtc(2026, 3, 27, 0, 0);
    private static readonly Duration HalfHour = Duration.FromMinutes(30);
    private static readonly Composition Everything = new()
    {
        Homes = 6, ByUse = true, Tariffs = true, Offices = 2, Shops = 2, CommonAreas = 1, Pv = 3, Batteries = 2, EvChargers = 2, StreetLights = 1, Feeders = 2,
    };

    private readonly SimulatedNeighbourhood _place = new(4, Everything, origin: From);

    private IEnumerable<SimulatedMeter> Meters => _place.Gateways.SelectMany(g => g.Meters);

    [Fact]
    public void Every_register_rises_at_any_instant()
    {
        foreach (var meter in Meters)
        {
            var registers = Enumerable.Range(0, 3 * 24 * 20).Select(i => meter.RegistersAt(From + Duration.FromMinutes(3 * i))).ToArray();

            registers.Zip(registers.Skip(1)).Should().OnlyContain(p => p.First.RiseTo(p.Second), meter.Meter.Value);
            (registers[^1].ImportWh + (registers[^1].ExportWh ?? 0)).Should().BeGreaterThan(registers[0].ImportWh + (registers[0].ExportWh ?? 0), meter.Meter.Value);
        }
    }

    [Fact]
    public void What_the_register_gains_in_a_half_hour_is_what_the_device_says_of_it()
    {
        foreach (var meter in Meters)
            for (var slot = 0; slot < 96; slot++)
            {
                var (start, end) = (meter.RegistersAt(From + (HalfHour * slot)), meter.RegistersAt(From + (HalfHour * (slot + 1))));
                var flow = meter.Device.HalfHour((From.ToUnixTimeSeconds() / 1_800) + slot);

                (end.ImportWh - start.ImportWh, (end.ExportWh ?? 0) - (start.ExportWh ?? 0)).Should().Be((flow.InWh, flow.OutWh), meter.Meter.Value);
            }
    }

    [Fact]
    public void A_feeder_carries_the_balance_behind_it_and_its_losses_to_the_watt_hour()
    {
        var behind = _place.Gateways.Where(g => g.Meters[0].Install.Kind is not MeterKind.Feeder).Select(g => g.Meters[0]).ToArray();
        var feeders = Meters.Where(m => m.Install.Kind is MeterKind.Feeder).ToArray();
        for (var slot = 0; slot < 144; slot++)
        {
            var at = From + (HalfHour * slot);
            var number = at.ToUnixTimeSeconds() / 1_800;

            feeders.Sum(f => Net(f, at)).Should().Be(behind.Sum(m => Net(m, at)) + feeders.Sum(f => ((Feeder)f.Device).LossesWh(number)));
        }

        feeders.Should().HaveCount(2);
        behind.GroupBy(m => m.Install.Feeder).Select(g => (g.Key, g.Count())).Should().BeEquivalentTo([((MeterName?)feeders[0].Meter, 6), (feeders[1].Meter, 6)]);
        Meters.Where(m => m.Install.Kind is MeterKind.SubMeter or MeterKind.Pv).Should().OnlyContain(m => m.Install.Feeder == null);
    }

    [Fact]
    public void A_home_with_panels_imports_and_exports_what_its_use_leaves_of_them()
    {
        var home = _place.Homes[0];
        var meters = _place.Gateways[0].Meters;
        for (var slot = 0; slot < 96; slot++)
        {
            var at = From + (HalfHour * slot);
            var use = home.RegisterWh(at + HalfHour) - home.RegisterWh(at);

            Net(meters[0], at).Should().Be(use + meters.Where(m => m.Install.Kind is MeterKind.Pv or MeterKind.Battery).Sum(m => Net(m, at)));
        }

        meters[0].RegistersAt(From + Duration.FromDays(2)).ExportWh.Should().BePositive();
    }

    [Fact]
    public void A_part_never_runs_ahead_of_the_whole_and_tariffs_sum_to_it()
    {
        foreach (var gateway in _place.Gateways.Where(g => g.Meters.Any(m => m.Install.Kind is MeterKind.SubMeter) && g.Meters[0].RegistersAt(From).ExportWh is null))
            for (var minute = 0; minute < 2_880; minute += 7)
            {
                var at = From + Duration.FromMinutes(minute);
                var whole = gateway.Meters[0].RegistersAt(at);

                gateway.Meters.Where(m => m.Install.Kind is MeterKind.SubMeter).Sum(m => m.RegistersAt(at).ImportWh)
                    .Should().BeLessThanOrEqualTo(whole.ImportWh - gateway.Meters[0].RegistersAt(From).ImportWh);
                whole.TariffWh!.ByName.Sum(t => t.Wh).Should().Be(whole.ImportWh);
            }
    }

    [Fact]
    public void Panels_rest_at_night_lamps_by_day_and_a_battery_gives_back_nine_tenths()
    {
        var (pv, lamp, battery) = (Only(MeterKind.Pv), Only(MeterKind.StreetLighting), Only(MeterKind.Battery));

        Out(pv, From, Duration.FromHours(4)).Should().Be(0);
        Out(pv, From + Duration.FromHours(9), Duration.FromHours(4)).Should().BePositive();
        In(lamp, From + Duration.FromHours(10), Duration.FromHours(2)).Should().BeLessThan(In(lamp, From + Duration.FromHours(20), Duration.FromHours(2)));
        Out(battery, From, Duration.FromDays(1)).Should().BeCloseTo(In(battery, From, Duration.FromDays(1)) * 9 / 10, 16);
    }

    [Fact]
    public void Homes_are_the_same_whoever_else_is_there()
    {
        var alone = new SimulatedNeighbourhood(4, 6, origin: From);

        _place.Homes.Select(h => h.RegisterWh(From + Duration.FromDays(2))).Should().Equal(alone.Homes.Select(h => h.RegisterWh(From + Duration.FromDays(2))));
        alone.Gateways.Select(g => g.Meters.Single().RegistersAt(From + Duration.FromHours(7.3))).Should()
            .Equal(alone.Homes.Select(h => h.ReadingAt(From + Duration.FromHours(7.3)).Registers));
    }

    private SimulatedMeter Only(MeterKind kind) => Meters.First(m => m.Install.Kind == kind);

    private static long Net(SimulatedMeter meter, Instant at) => In(meter, at, HalfHour) - Out(meter, at, HalfHour);

    private static long In(SimulatedMeter meter, Instant from, Duration length) => meter.RegistersAt(from + length).ImportWh - meter.RegistersAt(from).ImportWh;

    private static long Out(SimulatedMeter meter, Instant from, Duration length) => (meter.RegistersAt(from + length).ExportWh ?? 0) - (meter.RegistersAt(from).ExportWh ?? 0);
}
