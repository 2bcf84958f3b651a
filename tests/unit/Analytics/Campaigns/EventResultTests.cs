using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics.Campaigns;

public sealed class EventResultTests
{
    private static readonly LocalDate Day = new(2026, 11, 26);

    [Fact]
    public void The_sum_is_of_homes_that_can_be_held_against_like_days_and_their_number_is_rounded()
    {
        var homes = Homes(107, new(10, 400, 240));
        homes[HouseholdId.Parse("thin")] = new(9, null, 5_000);
        homes[HouseholdId.Parse("unknown")] = new(10, 5_000, null);

        var found = EventResult.Of(homes, Day, []);

        found.Should().Be(new EventResult(105, 107 * 400, 107 * 240, null));
        found.SavedWh.Should().Be(107 * 160);
    }

    [Theory]
    [InlineData(99, Suppression.TooFewHomes)]
    [InlineData(100, null)]
    public void A_hundred_homes_are_needed_as_for_a_days_curve(int homes, Suppression? hidden)
    {
        var found = EventResult.Of(Homes(homes, new(10, 400, 240)), Day, []);

        found.Hidden.Should().Be(hidden);
        (found.ExpectedWh is null).Should().Be(hidden is not null);
    }

    [Fact]
    public void A_home_that_dominates_and_a_sum_that_few_homes_less_were_told_of_hide_it()
    {
        var homes = Homes(120, new(10, 400, 240));
        ReleasedGroup Told(int count) => new(ReleaseRule.Curve(days: 1), homes.Keys.Order().Take(count).ToHashSet(), Day, Day.PlusDays(1));

        EventResult.Of(new Dictionary<HouseholdId, EventSavings>(homes) { [HouseholdId.Parse("h-1")] = new(10, 400_000, 240) }, Day, []).Hidden.Should().Be(Suppression.OneHomeDominates);
        EventResult.Of(homes, Day, [Told(118)]).Hidden.Should().Be(Suppression.CouldBeSubtracted);
        EventResult.Of(homes, Day, [Told(120)]).Hidden.Should().BeNull("the very same homes");
    }

    private static Dictionary<HouseholdId, EventSavings> Homes(int count, EventSavings each) => Enumerable.Range(0, count).ToDictionary(i => HouseholdId.Parse($"h-{i}"), _ => each);
}
