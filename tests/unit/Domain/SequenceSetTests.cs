using CsCheck;
using Grid.Domain;

namespace Grid.UnitTests.Domain;

public class SequenceSetTests
{
    [Fact]
    public void Six_eight_seven_nine_leaves_one_gap_and_it_is_filled()
    {
        var set = SequenceSet.Empty.With(1, 6).With(8);
        set.Holes.Should().Equal(new SequenceRange(7, 7));

        set = set.With(7).With(9);

        set.StoredThrough.Should().Be(9);
        set.Holes.Should().BeEmpty();
    }

    [Fact]
    public void Any_order_with_any_repetition_gives_the_set_of_numbers_that_came() =>
        Gen.Int[1, 60].Array[0, 80].Sample(numbers =>
        {
            var set = numbers.Aggregate(SequenceSet.Empty, (known, number) => known.With(number));

            var members = set.Ranges.SelectMany(r => Enumerable.Range((int)r.From, (int)(r.To - r.From + 1))).ToArray();
            members.Should().Equal(numbers.Distinct().Order());
            set.Ranges.Zip(set.Ranges.Skip(1)).Should().OnlyContain(pair => pair.First.To + 1 < pair.Second.From);
        });

    [Fact]
    public void Merging_sets_is_the_same_in_either_order_and_survives_its_text() =>
        Gen.Select(Gen.Int[1, 40].Array[0, 30], Gen.Int[1, 40].Array[0, 30]).Sample((a, b) =>
        {
            var (left, right) = (Set(a), Set(b));

            left.With(right).ToString().Should().Be(right.With(left).ToString());
            SequenceSet.Parse(left.ToString()).ToString().Should().Be(left.ToString());
        });

    [Fact]
    public void A_gateway_that_skipped_every_other_number_costs_one_pass()
    {
        var numbers = Enumerable.Range(0, 200_000).Select(i => new SequenceRange((2 * i) + 1, (2 * i) + 1)).ToArray();

        // With a pass for each number this would take minutes.
        var set = SequenceSet.Parse(string.Join(',', numbers.Select(n => n.From))).With(SequenceSet.Parse("2-400000"));

        set.ToString().Should().Be("1-400000");
    }

    private static SequenceSet Set(int[] numbers) => numbers.Aggregate(SequenceSet.Empty, (known, number) => known.With(number));

    [Fact]
    public void Too_many_ranges_are_forgotten_from_above_so_that_nothing_is_claimed()
    {
        var set = SequenceSet.Parse("1-3,5,7,9").Lowest(2);

        set.ToString().Should().Be("1-3,5");
        set.StoredThrough.Should().Be(3);
    }
}
