using Grid.Analytics;
using Grid.Domain;
using Grid.UnitTests.Analytics.Savings;

namespace Grid.UnitTests.Analytics.Campaigns;

public sealed class ChallengeAndEventTests
{
    private static readonly LocalDate Thursday = new(2026, 11, 26);

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
    public void Four_homes_are_no_team() =>
        FluentActions.Invoking(() => TeamChallenge.Of([], 0.08)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*5 to 15 homes*");

    [Fact]
    public void An_event_is_held_against_the_ten_weekdays_before_without_events()
    {
        var days = Days(100, to: Thursday).ToDictionary(d => d.Day);
        days[Thursday] = Day(Thursday, 60);
        days[Thursday.PlusDays(-1)] = Day(Thursday.PlusDays(-1), 5); // an event of its own

        var found = EventSavings.Of(Thursday, 36, 4, days, new HashSet<LocalDate> { Thursday.PlusDays(-1) });

        found.Should().Be(new EventSavings(10, 400, 240));
        found.SavedWh.Should().Be(160);
    }

    [Fact]
    public void A_weekend_is_held_against_four_weekend_days_and_too_few_are_not_enough()
    {
        var saturday = Thursday.PlusDays(2);

        EventSavings.Of(saturday, 0, 2, Days(100, to: saturday).ToDictionary(d => d.Day), new HashSet<LocalDate>()).LikeDays.Should().Be(4);
        var thin = EventSavings.Of(Thursday, 0, 2, Days(9, to: Thursday).ToDictionary(d => d.Day), new HashSet<LocalDate>());
        (thin.ExpectedWh, thin.SavedWh).Should().Be(((long?)null, (long?)null));
    }

    [Fact]
    public void A_day_with_an_unknown_slot_in_these_hours_and_one_on_which_clocks_change_are_no_like_days()
    {
        var monday = new LocalDate(2026, 11, 2);
        var days = Days(100, to: monday).ToDictionary(d => d.Day);
        days[monday.PlusDays(-3)] = new(HouseholdId.Parse("h-1"), monday.PlusDays(-3), [.. days[monday].Slots.SetItem(1, SlotEnergy.Unknown)]);

        EventSavings.Of(monday, 0, 2, days, new HashSet<LocalDate>()).LikeDays.Should().Be(10);
        EventSavings.Of(monday, 0, 2, days.Where(d => d.Key > monday.PlusDays(-15)).ToDictionary(), new HashSet<LocalDate>()).LikeDays.Should().Be(9);
    }

    private static IEnumerable<HouseholdDay> Days(int count, LocalDate to) => Enumerable.Range(0, count).Select(d => Day(to.PlusDays(-d), 100));

    private static HouseholdDay Day(LocalDate day, long wh) => new(HouseholdId.Parse("h-1"), day, [.. Enumerable.Repeat(new SlotEnergy(wh, null, Quality.Measured), LocalCalendar.For(LocalCalendar.DefaultZone).SlotsOf(day).Count)]);
}
