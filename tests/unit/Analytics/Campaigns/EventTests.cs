using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics.Campaigns;

public sealed class EventTests
{
    private static readonly LocalDate Thursday = new(2026, 11, 26), Saturday = new(2026, 11, 28), Monday = new(2026, 11, 23);
    private static readonly IReadOnlySet<LocalDate> None = new HashSet<LocalDate>();

    [Fact]
    public void An_event_is_held_against_the_ten_weekdays_before_without_events()
    {
        var days = Days(600, Thursday, 40);
        days[Thursday] = Day(Thursday, 600, 60);
        days[Thursday.PlusDays(-1)] = Day(Thursday.PlusDays(-1), 600, 5); // an event of its own

        var found = EventSavings.Of(Thursday, 36, 4, days, new HashSet<LocalDate> { Thursday.PlusDays(-1) });

        (found.LikeDays.Count, found.ExpectedWh, found.UsedWh).Should().Be((10, 400, 240));
        found.LikeDays.Should().StartWith([Thursday.PlusDays(-2), Monday]).And.NotContain(d => d.DayOfWeek == IsoDayOfWeek.Sunday);
    }

    [Fact]
    public void A_weekend_is_held_against_four_weekend_days_and_too_few_are_not_enough()
    {
        EventSavings.Of(Saturday, 0, 2, Days(600, Saturday, 40), None).LikeDays.Should().HaveCount(4);
        EventSavings.Of(Thursday, 0, 2, Days(600, Thursday, 10), None).Should().Match<EventSavings>(s => s.LikeDays.Count == 7 && s.ExpectedWh == null && s.UsedWh == 200);
    }

    [Fact]
    public void A_day_of_other_homes_is_no_like_day()
    {
        var days = Days(600, Thursday, 40);
        days[Monday] = Day(Monday, 539, 100);
        days[Thursday.PlusDays(-1)] = Day(Thursday.PlusDays(-1), 540, 100);

        EventSavings.Of(Thursday, 0, 2, days, None).LikeDays.Should().NotContain(Monday).And.Contain(Thursday.PlusDays(-1));
    }

    [Fact]
    public void A_day_counts_if_nothing_is_missing_and_nothing_filled_in_by_what_others_used()
    {
        HouseholdDay Like(Quality quality, int slots = 48) => new(Home(1), Monday, [.. Enumerable.Repeat(new SlotEnergy(quality is Quality.Unknown ? null : 100, null, quality), slots)]);

        EventDay.Counts(Like(Quality.Measured)).Should().BeTrue();
        EventDay.Counts(Like(Quality.Interpolated)).Should().BeTrue();
        new[] { Like(Quality.SimilarDay), Like(Quality.Unknown), Like(Quality.Measured, slots: 46), Like(Quality.Measured, slots: 50) }.Should().OnlyContain(d => !EventDay.Counts(d));
    }

    [Theory]
    [InlineData(499, Suppression.TooFewHomes)]
    [InlineData(503, null)]
    public void Eleven_days_of_half_hours_need_five_hundred_homes_and_the_number_is_rounded(int homes, Suppression? hidden)
    {
        var (result, shown) = Of(Thursday, Days(homes, Thursday, 20));

        (result.Hidden, result.NeededHomes, shown.Count).Should().Be((hidden, 500, hidden is null ? 11 : 0));
        (result.Homes, result.ExpectedWh, result.SavedWh).Should().Be(hidden is null ? (500, 500 * 400, 0) : (0, null, null));
        shown.Should().OnlyContain(s => s.Shown.Audience == ShownTo.Operators && s.Shown.Group.Homes.Count == homes && s.Shown.Group.From == s.Day.Day);
    }

    [Fact]
    public void More_than_31_days_within_a_year_need_five_thousand()
    {
        var days = Days(600, Thursday, 70);
        HashSet<LocalDate> Told(int count) => [.. Enumerable.Range(0, count).Select(i => Thursday.PlusDays(-100 - i))];

        Of(Thursday, days, Told(20)).Result.Hidden.Should().BeNull();
        Of(Thursday, days, Told(21)).Result.Should().Match<EventResult>(r => r.Hidden == Suppression.TooFewHomes && r.NeededHomes == 5_000);
        Of(Thursday, days, [.. Told(21), Thursday.PlusDays(-1)]).Result.Hidden.Should().Be(Suppression.TooFewHomes);
        Of(Thursday, days, [.. Told(20), Thursday.PlusDays(-1)]).Result.Hidden.Should().BeNull("a day counts once");
    }

    [Fact]
    public void A_home_that_dominates_a_half_hour_of_a_day_hides_it_whatever_hours_are_asked()
    {
        var days = Days(600, Thursday, 40);
        var homes = Enumerable.Range(0, 600).ToDictionary(Home, i => new HouseholdDay(Home(i), Monday, [.. Enumerable.Range(0, 48).Select(s => new SlotEnergy(i == 3 && s == 5 ? 20_000 : 100, null, Quality.Measured))]));
        days[Monday] = EventDay.Of(Monday, homes);

        Of(Thursday, days).Result.Hidden.Should().Be(Suppression.OneHomeDominates);
        days[Monday].LargestShare.Should().BeApproximately(20_000 / (20_000 + 59_900.0), 1e-12);
    }

    [Fact]
    public void Of_a_month_that_everybody_is_told_of_a_day_says_nothing_while_other_days_are_not_told()
    {
        ShownGroup month = new(ShownTo.Everybody, new(ReleaseRule.Totals, Enumerable.Range(0, 598).Select(Home).ToHashSet(), new(2026, 11, 1), new(2026, 12, 1)));

        EventResult.Of(Thursday, 36, 4, Days(600, Thursday, 40), None, None, new([month], [])).Result.Hidden.Should().BeNull();
    }

    private static (EventResult Result, IReadOnlyList<(EventDay Day, ShownGroup Shown)> Shown) Of(LocalDate day, Dictionary<LocalDate, EventDay> days, HashSet<LocalDate>? told = null) =>
        EventResult.Of(day, 36, 4, days, None, told ?? [], new([], []));

    private static Dictionary<LocalDate, EventDay> Days(int homes, LocalDate last, int count) => Enumerable.Range(0, count).Select(i => last.PlusDays(-i)).ToDictionary(d => d, d => Day(d, homes, 100));

    private static EventDay Day(LocalDate day, int homes, long wh) => new(day, Enumerable.Range(0, homes).Select(Home).ToHashSet(), [.. Enumerable.Repeat(homes * wh, EventDay.HalfHours)]);

    private static HouseholdId Home(int number) => HouseholdId.Parse($"h-{number}");
}
