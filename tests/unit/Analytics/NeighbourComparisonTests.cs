using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

public class NeighbourComparisonTests
{
    // Twenty neighbours 100, 110, … 290: mean 195, 20th percentile 138.
    private static readonly double[] Twenty = [.. Enumerable.Range(0, 20).Select(i => 100.0 + (10 * i))];

    [Theory]
    [InlineData(130, Grade.Great)]
    [InlineData(138, Grade.Great)]
    [InlineData(150, Grade.Good)]
    [InlineData(195, Grade.Good)]
    [InlineData(200, Grade.Fair)]
    public void Twenty_neighbours_give_the_methods_grades(double own, Grade grade)
    {
        var comparison = Of(own, Twenty);

        comparison.MeanWhPerDay.Should().Be(195);
        comparison.EfficientWhPerDay.Should().Be(138);
        comparison.Grade.Should().Be(grade);
        comparison.Homes.Should().Be(20);
    }

    [Fact]
    public void Fifteen_neighbours_give_a_mean_and_no_percentile()
    {
        var comparison = Of(100, Enumerable.Repeat(100.0, 15));

        comparison.MeanWhPerDay.Should().Be(100);
        comparison.EfficientWhPerDay.Should().BeNull();
    }

    [Fact]
    public void Nineteen_neighbours_are_said_to_be_fifteen() => Of(100, Enumerable.Repeat(100.0, 19)).Homes.Should().Be(15);

    [Fact]
    public void Fourteen_neighbours_are_too_few() => Hidden(100, Enumerable.Repeat(100.0, 14)).Should().Be(NeighbourComparison.TooFewHomes);

    [Fact]
    public void A_home_with_more_than_fifteen_percent_of_the_sum_hides_it()
    {
        // 19 of 100 and one of 340: 340 / 2,240 is 15.2 %.
        Hidden(100, Enumerable.Repeat(100.0, 19).Append(340)).Should().Be(NeighbourComparison.OneHomeDominates);
        Hidden(100, Enumerable.Repeat(100.0, 19).Append(330)).Should().BeNull();
    }

    private static NeighbourComparison Of(double own, IEnumerable<double> others) => NeighbourComparison.Of(
        own, others.Index().ToDictionary(o => HouseholdId.Parse($"h-{o.Index}"), o => o.Item), new(2026, 10, 1), new(2026, 11, 1), [], [new(new HashSet<HouseholdId> { HouseholdId.Parse("own") }, [])]);

    private static string? Hidden(double own, IEnumerable<double> others)
    {
        var comparison = Of(own, others);
        if (comparison.Hidden is not null) (comparison.MeanWhPerDay, comparison.EfficientWhPerDay, comparison.Grade, comparison.Homes).Should().Be((null, null, null, 0));
        return comparison.Hidden;
    }
}
