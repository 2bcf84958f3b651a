using CsCheck;
using Grid.Domain;
using Grid.Ingest;

namespace Grid.UnitTests.Ingest;

public class VerdictsTests
{
    private static readonly MeterName Meter = MeterName.Parse("m-1");
    private static readonly GatewayName Gateway = GatewayName.Parse("gw-1");
    private const long MaxPowerW = 36_000;
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 24, 12, 0);

    [Fact]
    public void A_new_reading_is_written_and_touches_the_time_since_the_one_before()
    {
        var verdict = Judge([At(30, 110)], stored: [At(0, 100)]);

        verdict.Write.Should().Equal(At(30, 110));
        verdict.Touched.Should().Equal((Noon, Noon + Duration.FromMinutes(30)));
        verdict.Latest.Should().Be(At(30, 110));
    }

    [Fact]
    public void A_history_that_comes_before_a_newer_reading_touches_each_day_about_once()
    {
        var offered = Enumerable.Range(0, 1_000).Select(i => At(i * 30, i)).ToList();

        var verdict = Judge(offered, stored: [At(365 * 24 * 60, 5_000)]);

        verdict.Touched.Sum(t => (t.To - t.From).TotalDays).Should().BeLessThan(2.1 * 365);
    }

    [Fact]
    public void The_same_reading_again_is_a_duplicate_and_nothing_is_written()
    {
        var verdict = Judge([At(0, 100), At(0, 100)], stored: [At(0, 100)]);

        verdict.Write.Should().BeEmpty();
        verdict.Duplicates.Should().Be(2);
        verdict.Refused.Should().BeEmpty();
    }

    [Fact]
    public void Another_value_for_the_same_instant_is_a_conflict_and_the_first_is_kept()
    {
        var verdict = Judge([At(0, 100), At(0, 101)], stored: []);

        verdict.Write.Should().Equal(At(0, 100));
        verdict.Refused.Should().ContainSingle().Which.Reason.Should().Be(Reason.Conflict);
    }

    [Fact]
    public void A_register_absent_at_first_may_be_filled_in_later()
    {
        var later = At(0, 100) with { Registers = new(100, 5) };

        Judge([later], stored: [At(0, 100)]).Write.Should().Equal(later);
    }

    [Fact]
    public void A_reading_and_what_fills_it_in_are_two_items_of_which_one_is_written()
    {
        var verdict = Judge([At(0, 100), At(0, 100) with { Registers = new(100, 5) }], stored: []);

        (verdict.Write.Count, verdict.Duplicates, verdict.Refused.Count).Should().Be((1, 1, 0));
    }

    [Fact]
    public void Other_power_is_no_conflict() => Judge([At(0, 100) with { PowerW = 700 }], stored: [At(0, 100) with { PowerW = 600 }]).Duplicates.Should().Be(1);

    [Fact]
    public void A_register_below_the_one_before_is_refused() =>
        Judge([At(30, 99)], stored: [At(0, 100)]).Refused.Should().ContainSingle().Which.Reason.Should().Be(Reason.FallingRegister);

    [Fact]
    public void A_late_register_above_the_one_after_is_refused() =>
        Judge([At(15, 120)], stored: [At(0, 100), At(30, 110)]).Refused.Should().ContainSingle().Which.Reason.Should().Be(Reason.FallingRegister);

    [Fact]
    public void A_swap_between_them_explains_a_lower_register()
    {
        var swap = new MeterEvent(MeterEventKind.MeterSwap, Meter, Noon + Duration.FromMinutes(20), 105, 0);

        Judge([At(30, 2)], stored: [At(0, 100)], swap).Write.Should().Equal(At(30, 2));
    }

    [Fact]
    public void In_whatever_order_good_readings_come_and_however_often_the_same_are_written() =>
        Gen.Select(Gen.Int[0, 30].Array[1, 40], Gen.Int[0, 29].Array[0, 10]).Sample((offered, held) =>
        {
            Reading Good(int i) => At(i * 10, 100 + (i * 7));
            var stored = held.Distinct().Order().Select(Good).ToList();

            var verdict = Judge([.. offered.Select(Good)], stored);

            verdict.Refused.Should().BeEmpty();
            verdict.Write.Should().Equal(offered.Except(held).Distinct().Order().Select(Good));
            verdict.Duplicates.Should().Be(offered.Length - verdict.Write.Count);
        });

    [Fact]
    public void A_register_that_slipped_by_a_decimal_is_refused_and_the_true_ones_after_it_are_kept()
    {
        var verdict = Judge([At(30, 10_000_200), At(60, 100_002_500), At(90, 10_000_900)], stored: [At(0, 10_000_000)]);

        verdict.Write.Should().Equal(At(30, 10_000_200), At(90, 10_000_900));
        verdict.Refused.Should().ContainSingle().Which.Reason.Should().Be(Reason.ImplausibleRise);
    }

    [Fact]
    public void A_late_register_from_which_the_next_one_is_out_of_reach_is_refused() =>
        Judge([At(59, 100)], stored: [At(0, 100), At(60, 36_000)]).Refused.Should().ContainSingle().Which.Reason.Should().Be(Reason.ImplausibleRise);

    [Fact]
    public void A_zero_where_the_first_reading_should_be_does_not_make_the_true_ones_unbelievable()
    {
        var verdict = Judge([At(0, 0), At(30, 10_000_000), At(60, 0), At(90, 10_000_500)], stored: []);

        verdict.Write.Should().Equal(At(0, 0), At(30, 10_000_000), At(90, 10_000_500));
        verdict.Refused.Should().ContainSingle().Which.Reason.Should().Be(Reason.FallingRegister);
    }

    [Fact]
    public void As_much_as_the_meter_lets_through_is_believed() => Judge([At(60, 36_100)], stored: [At(0, 100)]).Refused.Should().BeEmpty();

    [Fact]
    public void After_a_swap_no_rise_is_too_steep()
    {
        var swap = new MeterEvent(MeterEventKind.MeterSwap, Meter, Noon + Duration.FromMinutes(20), 105, 80_000_000);

        Judge([At(30, 80_000_002)], stored: [At(0, 100)], swap).Write.Should().ContainSingle();
    }

    [Fact]
    public void What_is_touched_reaches_from_the_known_reading_before_to_the_one_after_and_no_further() =>
        Gen.Select(Gen.Int[0, 40].Array[1, 12], Gen.Int[0, 40].Array[0, 12]).Sample((offered, held) =>
        {
            Reading Good(int i) => At(i * 10, 100 + (i * 7));
            var stored = held.Distinct().Order().ToList();
            var known = stored.Union(offered).Order().ToList();

            var touched = Judge([.. offered.Select(Good)], [.. stored.Select(Good)]).Touched;

            // Between which neighbours something changed, said one by one.
            var expected = offered.Distinct().SelectMany(i => new[] { (known.LastOrDefault(k => k < i, i), i), (i, known.FirstOrDefault(k => k > i, i)) })
                .Where(s => s.Item1 != s.Item2).ToHashSet();
            var covered = known.Zip(known.Skip(1)).Where(pair => touched.Any(t => t.From <= Good(pair.First).At && Good(pair.Second).At <= t.To)).ToHashSet();
            covered.Should().BeEquivalentTo(expected);
            foreach (var at in offered.Select(i => Good(i).At)) touched.Should().Contain(t => t.From <= at && at <= t.To);
        });

    private static MeterVerdict Judge(IEnumerable<Reading> offered, IReadOnlyList<Reading> stored, params MeterEvent[] breaks) =>
        Verdicts.Of([.. offered.Select(r => new Offered(new(Gateway, Noon, 1, 1, [r], null, []), r))], stored, breaks, MaxPowerW);

    private static Reading At(int minutes, long wh) => new(Meter, Noon + Duration.FromMinutes(minutes), new(wh));
}
