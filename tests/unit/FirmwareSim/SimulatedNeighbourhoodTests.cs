using System.Buffers;
using System.Security.Cryptography;
using CsCheck;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.Wire;

namespace Grid.UnitTests.FirmwareSim;

public class SimulatedNeighbourhoodTests
{
    private static readonly Instant Origin = Instant.FromUtc(2024, 1, 1, 0, 0);
    private static readonly Duration HalfHour = Duration.FromMinutes(30);

    [Fact]
    public void The_same_seed_gives_the_same_bytes_in_any_order_of_asking()
    {
        var forwards = Bytes(new(7, 6), reversed: false);

        Bytes(new(7, 6), reversed: true).Should().Equal(forwards);
        Bytes(new(8, 6), reversed: false).Should().NotEqual(forwards);
    }

    [Fact]
    public void A_home_is_the_same_however_many_neighbours_it_has() =>
        new SimulatedNeighbourhood(7, 1).Homes[0].ReadingAt(Origin + Duration.FromDays(99))
            .Should().Be(new SimulatedNeighbourhood(7, 50).Homes[0].ReadingAt(Origin + Duration.FromDays(99)));

    [Fact]
    public void The_register_rises_and_a_half_hour_holds_what_its_minutes_sum_to()
    {
        var homes = new SimulatedNeighbourhood(3, 8).Homes;
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 48 * 800], Gen.Int[1, 1_799_999].Array[0, 12]).Sample((home, slot, inside) =>
        {
            var start = Origin + (slot * HalfHour);
            Instant[] instants = [start, .. inside.Order().Select(ms => start + Duration.FromMilliseconds(ms)), start + HalfHour];

            var registers = instants.Select(homes[home].RegisterWh).ToArray();

            registers.Should().BeInAscendingOrder();
            var again = new SimulatedNeighbourhood(3, 8).Homes[home];
            registers[^1].Should().Be(again.RegisterWh(start + HalfHour));
            registers[0].Should().Be(again.RegisterWh(start));
        }, iter: 200);
    }

    [Fact]
    public void Live_power_is_what_the_register_gains_in_that_minute()
    {
        var home = new SimulatedNeighbourhood(3, 1).Homes[0];
        for (var at = Origin + Duration.FromDays(10); at < Origin + Duration.FromDays(11); at += Duration.FromMinutes(1))
        {
            var live = home.LiveReadingAt(at);

            live.PowerW!.Value.Should().BeApproximately((home.RegisterWh(at + Duration.FromMinutes(1)) - live.Registers.ImportWh) * 60.0, 61);
            live.VoltageV.Should().BeInRange(222, 238);
        }
    }

    [Fact]
    public void A_year_is_like_a_year_of_a_French_apartment()
    {
        var homes = new SimulatedNeighbourhood(11, 300).Homes;

        foreach (var home in homes)
        {
            var kWh = (home.RegisterWh(Instant.FromUtc(2025, 1, 1, 0, 0)) - home.RegisterWh(Origin)) / 1000.0;
            if (home.Household.Heating is HeatingKind.Other) kWh.Should().BeInRange(1_500, 3_000);
            else kWh.Should().BeInRange(3_500, 12_500);
        }

        homes.Where(h => h.Household is { Heating: HeatingKind.Electric, AreaM2: >= 40 and <= 50 })
            .Select(h => (h.RegisterWh(Instant.FromUtc(2025, 1, 1, 0, 0)) - h.RegisterWh(Origin)) / 1000.0)
            .Should().NotBeEmpty().And.OnlyContain(kWh => kWh >= 4_500 && kWh <= 7_500);
    }

    [Fact]
    public void Electric_heating_answers_to_the_cold_and_other_heating_does_not()
    {
        var neighbourhood = new SimulatedNeighbourhood(5, 2);
        var winter = Enumerable.Range(0, 60).Select(d => Origin + Duration.FromDays(d)).ToArray();
        var celsius = winter.Select(day => neighbourhood.Temperatures(day, day + Duration.FromDays(1)).Average(h => h.Celsius)).ToArray();

        Correlation(celsius, Daily(neighbourhood.Homes[0], winter)).Should().BeLessThan(-0.6);
        Math.Abs(Correlation(celsius, Daily(neighbourhood.Homes[1], winter))).Should().BeLessThan(0.4);
    }

    [Fact]
    public void The_weather_is_like_that_of_Paris()
    {
        var year = new SimulatedNeighbourhood(5, 1).Temperatures(Origin, Instant.FromUtc(2025, 1, 1, 0, 0)).ToArray();

        year.Should().HaveCount(366 * 24);
        year.Average(h => h.Celsius).Should().BeInRange(11, 13);
        Mean(1).Should().BeInRange(2, 7);
        Mean(7).Should().BeInRange(17.5, 22.5);
        year.Should().OnlyContain(h => h.Celsius > -15 && h.Celsius < 42);

        double Mean(int month) => year.Where(h => h.Hour.InUtc().Month == month).Average(h => h.Celsius);
    }

    [Fact]
    public void The_registry_names_every_home_and_half_of_them_heat_with_electricity()
    {
        var neighbourhood = new SimulatedNeighbourhood(5, 60);
        using var file = new Wire.ScratchFile("registry.csv");

        RegistryFile.Write(file.Path, neighbourhood.Registry);
        var (rows, errors) = RegistryFile.Read(file.Path);

        errors.Should().BeEmpty();
        rows.Should().Equal(neighbourhood.Registry);
        rows.Count(r => r.Household!.Heating is HeatingKind.Electric).Should().Be(30);
        rows.Should().OnlyContain(r => r.Household!.AreaM2 >= 35 && r.Household.AreaM2 <= 95 && r.Household.Occupants >= 1 && r.Household.Occupants <= 5);
        rows[0].Meter.Should().Be(new MeterInstall(MeterName.Parse("m-0001"), MeterKind.Main, GatewayName.Parse("gw-0001"), HouseholdId.Parse("h-0001"), Origin, null));
    }

    private static byte[] Bytes(SimulatedNeighbourhood neighbourhood, bool reversed)
    {
        var asked = neighbourhood.Homes.SelectMany(home => Enumerable.Range(0, 400).Select(i => (home, At: Origin + (i * Duration.FromMinutes(611)))));
        var readings = (reversed ? asked.Reverse() : asked).Select(a => a.home.LiveReadingAt(a.At)).ToArray();
        var output = new ArrayBufferWriter<byte>();
        JsonReadings.Encode(new(1, 1, reversed ? [.. readings.Reverse()] : readings), output);
        return SHA256.HashData(output.WrittenSpan);
    }

    private static double[] Daily(SimulatedHome home, Instant[] days) =>
        [.. days.Select(day => (double)(home.RegisterWh(day + Duration.FromDays(1)) - home.RegisterWh(day)))];

    private static double Correlation(double[] x, double[] y)
    {
        var (mx, my) = (x.Average(), y.Average());
        return x.Zip(y).Sum(p => (p.First - mx) * (p.Second - my)) / Math.Sqrt(x.Sum(v => (v - mx) * (v - mx)) * y.Sum(v => (v - my) * (v - my)));
    }
}
