using CsCheck;
using Grid.Analytics;

namespace Grid.UnitTests.Analytics.Campaigns;

public sealed class AssignmentTests
{
    [Fact]
    public void Half_are_treated_in_every_stratum_and_the_same_seed_draws_the_same() => Gen.Select(Gen.Int[4, 300], Gen.Int).Sample((count, seed) =>
    {
        var homes = Homes(count, seed);
        var (drawn, again) = (Assignment.ByLot(homes, seed), Assignment.ByLot([.. homes.Reverse()], seed));
        return drawn.Treated.SetEquals(again.Treated)
            && Math.Abs((2 * drawn.Treated.Count) - count) <= 2
            && homes.OrderBy(h => h.MeanBefore).Select((h, rank) => (Home: h, Third: rank * 3 / count)).GroupBy(h => (h.Third, h.Home.HeatsWithElectricity))
                .All(s => Math.Abs((2 * s.Count(h => drawn.Treated.Contains(h.Home.Id))) - s.Count()) <= 1);
    });

    [Fact]
    public void Three_hundred_homes_are_balanced_nearly_always() =>
        Enumerable.Range(1, 100).Count(seed => Assignment.ByLot(Homes(300, seed), seed).IsBalanced).Should().BeGreaterThanOrEqualTo(90);

    [Fact]
    public void Which_of_two_homes_of_a_stratum_uses_more_changes_no_arm() => Gen.Select(Gen.Int[12, 100], Gen.Int, Gen.Int[0, 99]).Sample((count, seed, at) =>
    {
        var ordered = Homes(count, seed).OrderBy(h => h.MeanBefore).Select(h => h with { HeatsWithElectricity = false }).ToList();
        var (one, other) = (at % count, (at + 1) % count);
        if (one * 3 / count != other * 3 / count) return true;
        var swapped = ordered.ToList();
        (swapped[one], swapped[other]) = (ordered[one] with { MeanBefore = ordered[other].MeanBefore }, ordered[other] with { MeanBefore = ordered[one].MeanBefore });
        return Assignment.ByLot(ordered, seed).Treated.SetEquals(Assignment.ByLot(swapped, seed).Treated);
    });

    [Fact]
    public void Arms_that_differ_are_told()
    {
        var homes = Homes(40, 1);

        Assignment.ByLot([.. homes.Take(3)], 1).IsBalanced.Should().BeFalse("one arm has a single home");
        Assignment.ByLot(homes, 1).Balance.Should().NotBeNull();
    }

    private static IReadOnlyList<Candidate> Homes(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(h => new Candidate($"h{h:000}", 2 + (20 * random.NextDouble()), random.Next(2) == 0))];
    }
}
