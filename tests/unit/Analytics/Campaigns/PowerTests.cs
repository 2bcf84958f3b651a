using Grid.Analytics;

namespace Grid.UnitTests.Analytics.Campaigns;

public sealed class PowerTests
{
    // With a spread of 20 % of mean use (METHOD.md rule 6.6 and its source).
    [Theory]
    [InlineData(1570, 0.02)]
    [InlineData(251, 0.05)]
    [InlineData(63, 0.10)]
    public void So_many_homes_an_arm_find_so_much(int homes, double effect) =>
        Power.MinimumDetectableEffect(0.2, homes, homes)!.Value.Should().BeApproximately(effect, effect * 0.01);

    [Fact]
    public void A_single_home_finds_nothing() => Power.MinimumDetectableEffect(0.2, 1, 100).Should().BeNull();
}
