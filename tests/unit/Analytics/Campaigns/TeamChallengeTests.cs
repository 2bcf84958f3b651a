using Grid.Analytics;
using Grid.Domain;
using Grid.UnitTests.Analytics.Savings;

namespace Grid.UnitTests.Analytics.Campaigns;

public sealed class TeamChallengeTests
{
    [Theory]
    [InlineData(0.15, ChallengeState.Reached)]
    [InlineData(0.08, ChallengeState.TooCloseToCall)]
    [InlineData(0.0, ChallengeState.NotReached)]
    public void A_team_is_judged_by_what_it_would_have_used_in_the_same_weather(double saved, ChallengeState state)
    {
        var team = Enumerable.Range(1, 8).Select(seed => MadeUp.Estimate(
            MadeUp.Year(Home, noise: 1, seed: seed), MadeUp.Year(f => (1 - saved) * Home(f), noise: 1, seed: 100 + seed, from: new LocalDate(2026, 1, 2), days: 120))).ToList();

        TeamChallenge.Of(team, 0.08).State.Should().Be(state);

        static double Home(double f) => 9 + (0.4 * Math.Max(60 - f, 0));
    }

    [Fact]
    public void Who_feeds_in_does_not_count()
    {
        var team = Enumerable.Range(1, 6).Select(seed => MadeUp.Estimate(MadeUp.Year(_ => 12, noise: 1, seed: seed), MadeUp.Year(_ => 11, noise: 1, seed: 100 + seed, from: new LocalDate(2026, 1, 2), days: 120))).ToList();
        var feedsIn = team[0] with { Baseline = team[0].Baseline.FailedIfFeedingIn(3) };

        TeamChallenge.Of([feedsIn, .. team.Skip(1)], 0.05).Counted.Should().Be(5);
        TeamChallenge.Of([feedsIn, .. team.Skip(2)], 0.05).Should().Match<TeamChallenge>(t => t.Counted == 4 && t.State == ChallengeState.NotEnoughData);
    }

    [Fact]
    public void Four_homes_are_no_team() =>
        FluentActions.Invoking(() => TeamChallenge.Of([], 0.08)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*5 to 15 homes*");
}
