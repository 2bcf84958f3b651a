using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>Lays a composition out: which device hangs behind which meter, gateway and feeder, and what each is called.</summary>
internal sealed class NeighbourhoodPlan(SimulatedNeighbourhood place, Composition composition)
{
    // Each class has its own numbers, so that no two devices share their chance.
    private const long PvNumbers = 1_000_000;
    private const long BatteryNumbers = 2_000_000;
    private const long EvNumbers = 3_000_000;
    private const long OfficeNumbers = 4_000_000;
    private const long ShopNumbers = 5_000_000;
    private const long CommonNumbers = 6_000_000;
    private const long LightNumbers = 7_000_000;
    private const long FeederNumbers = 8_000_000;

    public IEnumerable<SimulatedGateway> Gateways()
    {
        var behind = new List<IDevice>();
        foreach (var home in place.Homes)
        {
            var gateway = AtHome(home, Feeder());
            behind.Add(gateway.Meters[0].Device);
            yield return gateway;
        }

        foreach (var gateway in Premises("o", composition.Offices, DwellingKind.Office, OfficeNumbers, Feeder, n => new Office(place.Seed, n, place.DayOf))
            .Concat(Premises("s", composition.Shops, DwellingKind.Shop, ShopNumbers, Feeder, n => new Shop(place.Seed, n, place.DayOf)))
            .Concat(Premises("c", composition.CommonAreas, DwellingKind.Common, CommonNumbers, Feeder, n => new CommonArea(place.Seed, n, place.DayOf)))
            .Concat(Numbered(composition.StreetLights).Select(i => Public("l", i, MeterKind.StreetLighting, LightNumbers, new StreetLight(place.Seed, LightNumbers + i, place.DayOf), Feeder()))))
        {
            behind.Add(gateway.Meters[0].Device);
            yield return gateway;
        }

        foreach (var i in Numbered(composition.Feeders))
            yield return Public("f", i, MeterKind.Feeder, FeederNumbers, new Feeder([.. behind.Where((_, index) => index % composition.Feeders == i - 1)]), exports: true);

        // Asked for each premise when those before it hang there.
        MeterName? Feeder() => composition.Feeders > 0 ? MeterName.Parse(SimulatedNeighbourhood.Numbered("f", (behind.Count % composition.Feeders) + 1, 4)) : null;
    }

    private SimulatedGateway AtHome(SimulatedHome home, MeterName? feeder)
    {
        List<IDevice> behind = [];
        List<SimulatedMeter> meters = [];
        if (home.Number <= composition.Pv) Behind("pv", MeterKind.Pv, PvNumbers, new SolarPanels(place.Seed, PvNumbers + home.Number), exports: true);
        if (home.Number <= composition.Batteries) Behind("bat", MeterKind.Battery, BatteryNumbers, new HomeBattery(place.Seed, BatteryNumbers + home.Number, place.DayOf), exports: true);
        if (home.Number > composition.Homes - composition.EvChargers) Behind("ev", MeterKind.EvCharger, EvNumbers, new EvCharger(place.Seed, EvNumbers + home.Number), exports: false);
        // The home's own minutes, so that a part never runs ahead of the whole.
        if (composition.ByUse && home.Household.Heating is HeatingKind.Electric)
        {
            meters.Add(Of(home, home.Meter + "-heat", MeterKind.SubMeter, new UseOf(home, heating: true), home.Number, 0, exports: false));
            meters.Add(Of(home, home.Meter + "-water", MeterKind.SubMeter, new UseOf(home, heating: false), home.Number, 0, exports: false));
        }

        IDevice main = behind.Count == 0 ? home : new Premise(home, behind);
        meters.Insert(0, Of(home, home.Meter.Value, MeterKind.Main, main, home.Number, home.OpeningWh, exports: behind.Count > 0, composition.Tariffs, feeder));
        return new(home.Gateway, meters);

        void Behind(string prefix, MeterKind kind, long numbers, IDevice device, bool exports)
        {
            behind.Add(device);
            meters.Add(Of(home, SimulatedNeighbourhood.Numbered(prefix, home.Number, 4), kind, device, numbers + home.Number, 0, exports));
        }
    }

    private SimulatedMeter Of(SimulatedHome home, string meter, MeterKind kind, IDevice device, long number, long openingWh, bool exports, bool tariffs = false, MeterName? feeder = null) => new(
        new(MeterName.Parse(meter), kind, home.Gateway, home.Household.Id, place.Origin, null, Feeder: feeder), home.Household, device,
        new(place.Seed, number, openingWh, place.DayOf), exports, tariffs);

    private IEnumerable<SimulatedGateway> Premises(string prefix, int count, DwellingKind kind, long numbers, Func<MeterName?> feeder, Func<long, IDevice> device) => Numbered(count).Select(i =>
    {
        var id = SimulatedNeighbourhood.Numbered(prefix, i, 4);
        var household = new Household(HouseholdId.Parse(id), "b-" + prefix, kind, HeatingKind.Other, null, null);
        return Single(id, MeterKind.Main, numbers + i, household, device(numbers + i), exports: false, feeder());
    });

    private SimulatedGateway Public(string prefix, int number, MeterKind kind, long numbers, IDevice device, MeterName? feeder = null, bool exports = false) =>
        Single(SimulatedNeighbourhood.Numbered(prefix, number, 4), kind, numbers + number, null, device, exports, feeder);

    private SimulatedGateway Single(string id, MeterKind kind, long number, Household? household, IDevice device, bool exports, MeterName? feeder)
    {
        var gateway = GatewayName.Parse("gw-" + id);
        var install = new MeterInstall(MeterName.Parse(id), kind, gateway, household?.Id, place.Origin, null, Feeder: feeder);
        return new(gateway, [new(install, household, device, new(place.Seed, number, place.OpeningWh(number), place.DayOf), exports)]);
    }

    private static IEnumerable<int> Numbered(int count) => Enumerable.Range(1, count);
}
