using CsCheck;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

/// <summary>METHOD.md rule 1.15.</summary>
public class FeederBalanceTests
{
    private const double MaxLosses = 0.1;
    private static readonly MeterName Feeder = MeterName.Parse("f-1");
    private static readonly Slot Day = LocalCalendar.For("Europe/Paris").Whole(new(2026, 10, 25));

    [Fact]
    public void Whatever_homes_draw_and_panels_feed_in_the_feeder_is_their_sum_and_losses_within_bounds() => Homes.Sample(homes =>
    {
        var (net, made) = (homes.Sum(h => h.In - h.Out), homes.Sum(h => h.Out));
        foreach (var share in (double[])[0, 0.02, 0.095])
        {
            // Of a loss of this share of the inflow; what flows through the feeder either way is its net.
            var losses = (long)(share * Inflow(net, made, share));
            var balance = Of(Net(net + losses), homes)!;
            if (balance.LossesWh != losses || !balance.Holds(MaxLosses)) return false;
        }

        return true;
    });

    [Fact]
    public void Any_home_that_is_left_out_or_wired_the_other_way_round_breaks_it() => Gen.Select(Homes, Gen.Int[0, 1_000]).Sample((homes, pick) =>
    {
        var left = pick % homes.Length;
        homes[left] = (In: homes.Sum(h => h.In + h.Out) + 50_000, Out: 0); // more than losses and meters' errors can explain
        var feeder = Net((long)(homes.Sum(h => h.In - h.Out) * 1.03));
        var without = Of(feeder, [.. homes.Where((_, i) => i != left)])!;
        var turned = Of(feeder, [.. homes.Select((h, i) => i == left ? (In: h.Out, Out: h.In) : h)])!;
        return Of(feeder, homes)!.Holds(MaxLosses) && !without.Holds(MaxLosses) && !turned.Holds(MaxLosses);
    });

    [Theory]
    [InlineData(110_000, true)]
    [InlineData(112_364, true)] // 10 % and 1 % of what flows in, and 2 Wh for each of two meters
    [InlineData(112_365, false)]
    [InlineData(100_000, true)]
    [InlineData(99_006, true)]
    [InlineData(99_005, false)]
    public void Losses_lie_between_nothing_and_the_bound_but_for_the_meters_error(long feederWh, bool holds) =>
        Of((feederWh, 0), [(100_000, 0)])!.Holds(MaxLosses).Should().Be(holds);

    [Fact]
    public void Panels_on_a_connection_of_their_own_count_by_what_they_feed_in()
    {
        var balance = Of((0, 19_000), [(40_000, 0), (100, 60_000)])!;

        (balance.FeederWh, balance.BehindWh, balance.LossesWh, balance.InflowWh).Should().Be((-19_000, -19_900, 900, 60_000));
        balance.Holds(MaxLosses).Should().BeTrue();
    }

    [Fact]
    public void Where_one_of_them_is_not_known_or_nothing_hangs_there_nothing_is_said()
    {
        var (known, unknown) = (Meter("m-1", 500, null), Meter("m-2", 500, null, Day.End - Duration.FromHours(3)));
        MeteredInterval[] feeder = [Meter("f-1", 1_000, 0)];

        FeederBalance.Of(Day, feeder, [known]).Should().NotBeNull();
        FeederBalance.Of(Day, feeder, [known, unknown]).Should().BeNull();
        FeederBalance.Of(Day, [Meter("f-1", 1_000, 0, Day.End - Duration.FromHours(3))], [known]).Should().BeNull();
        FeederBalance.Of(Day, [feeder[0] with { Install = feeder[0].Install with { From = Day.Start + Duration.FromHours(1) } }], [known]).Should().BeNull();
        FeederBalance.Of(Day, feeder, []).Should().BeNull();
        FeederBalance.Of(Day, feeder, [known with { Install = known.Install with { To = Day.Start } }]).Should().BeNull();
    }

    [Fact]
    public void An_export_that_a_meter_tells_at_one_end_of_the_day_only_is_not_known_and_one_that_it_never_tells_is_none()
    {
        MeteredInterval[] feeder = [Meter("f-1", 1_000, 0)];
        RegisterCurve half = new([new(MeterName.Parse("m-1"), Day.Start, new(0, 0)), new(MeterName.Parse("m-1"), Day.End, new(900))], []);

        FeederBalance.Of(Day, feeder, [Meter("m-1", 900, null)])!.BehindWh.Should().Be(900);
        FeederBalance.Of(Day, feeder, [Meter("m-1", 900, null) with { Curve = half }]).Should().BeNull();
    }

    private static Gen<(long In, long Out)[]> Homes => Gen.Select(Gen.Long[0, 60_000], Gen.Long[0, 40_000]).Array[2, 12];

    private static double Inflow(long net, long made, double share) => net >= 0 ? (net + made) / (1 - share) : Math.Max(made, (net + made) / (1 - share));

    private static (long In, long Out) Net(long wh) => wh >= 0 ? (wh, 0) : (0, -wh);

    private static FeederBalance? Of((long In, long Out) feeder, (long In, long Out)[] behind) =>
        FeederBalance.Of(Day, [Meter(Feeder.Value, feeder.In, feeder.Out)], [.. behind.Select((b, i) => Meter($"m-{i}", b.In, b.Out))]);

    private static MeteredInterval Meter(string name, long importWh, long? exportWh, Instant? until = null)
    {
        var meter = MeterName.Parse(name);
        MeterInstall install = new(meter, name[0] == 'f' ? MeterKind.Feeder : MeterKind.Main, GatewayName.Parse("gw-1"), null, Instant.FromUtc(2020, 1, 1, 0, 0), null, Feeder: name[0] == 'f' ? null : Feeder);
        return new(install, new([new(meter, Day.Start, new(5_000, exportWh is null ? null : 7_000)), new(meter, until ?? Day.End, new(5_000 + importWh, 7_000 + exportWh))], []));
    }
}
