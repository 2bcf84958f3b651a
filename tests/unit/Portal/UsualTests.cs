using Grid.Domain;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

public class UsualTests
{
    private static readonly LocalDate Tuesday = new(2026, 11, 24);

    [Fact]
    public void Today_goes_until_its_last_known_half_hour()
    {
        var soFar = SoFar.Of(TodayUntil(31), AHome.Paris);

        soFar.Should().Be(new SoFar(31 * 100, Instant.FromUtc(2026, 11, 24, 14, 30), 0));
    }

    [Fact]
    public void A_hole_before_the_last_known_half_hour_is_a_gap_and_what_comes_later_is_not()
    {
        var soFar = SoFar.Of(AHome.Day(Tuesday, i => i is 5 or 6 or > 20 ? null : 100), AHome.Paris);

        soFar!.Gaps.Should().Be(2);
    }

    [Fact]
    public void A_day_of_which_nothing_is_known_has_no_so_far() => SoFar.Of(AHome.Day(Tuesday, _ => null), AHome.Paris).Should().BeNull();

    [Fact]
    public void Usual_is_the_mean_of_the_same_weekday_up_to_the_same_time()
    {
        HouseholdDay[] days = [AHome.Day(Tuesday.PlusWeeks(-1), 120), AHome.Day(Tuesday.PlusWeeks(-2), 130), AHome.Day(Tuesday.PlusDays(-1), 9000)];

        UsualAt(31, days).Should().Be(new Usual(31 * 125, UsualVerdict.Less, 20));
    }

    [Theory]
    [InlineData(100, UsualVerdict.Same, 0)]
    [InlineData(96, UsualVerdict.Same, 4)]
    [InlineData(80, UsualVerdict.More, 25)]
    [InlineData(200, UsualVerdict.Less, 50)]
    public void The_verdict_starts_at_five_percent(int usualWh, object verdict, double percent) =>
        UsualAt(31, [AHome.Day(Tuesday.PlusWeeks(-1), usualWh), AHome.Day(Tuesday.PlusWeeks(-3), usualWh)])
            .Should().Be(new Usual(31 * usualWh, (UsualVerdict)verdict, percent));

    [Fact]
    public void One_complete_day_is_not_enough()
    {
        HouseholdDay[] days = [AHome.Day(Tuesday.PlusWeeks(-1), 120), AHome.Day(Tuesday.PlusWeeks(-2), i => i == 40 ? null : 130), AHome.Day(Tuesday.PlusWeeks(-5), 130)];

        UsualAt(31, days).Should().BeNull();
    }

    [Fact]
    public void A_day_with_gaps_is_not_compared()
    {
        HouseholdDay[] days = [AHome.Day(Tuesday.PlusWeeks(-1), 120), AHome.Day(Tuesday.PlusWeeks(-2), 120)];
        var soFar = SoFar.Of(AHome.Day(Tuesday, i => i is 5 or > 30 ? null : 100), AHome.Paris)!;

        Usual.Of(Tuesday, soFar, days, AHome.Paris).Should().BeNull();
    }

    [Fact]
    public void A_day_of_fifty_half_hours_is_compared_by_the_clock_on_the_wall()
    {
        LocalDate sunday = new(2026, 11, 1);
        HouseholdDay[] days = [AHome.Day(new(2026, 10, 25), 100), AHome.Day(new(2026, 10, 18), 100)];
        var soFar = SoFar.Of(AHome.Day(sunday, i => i < 24 ? 100 : null), AHome.Paris)!;

        Usual.Of(sunday, soFar, days, AHome.Paris)!.MeanWh.Should().Be((2600 + 2400) / 2);
    }

    [Fact]
    public void A_whole_day_is_compared_with_whole_days() =>
        UsualAt(48, [AHome.Day(Tuesday.PlusWeeks(-1), 100), AHome.Day(Tuesday.PlusWeeks(-2), 100)])!.MeanWh.Should().Be(4800);

    private static Usual? UsualAt(int slots, IEnumerable<HouseholdDay> days) =>
        Usual.Of(Tuesday, SoFar.Of(TodayUntil(slots), AHome.Paris)!, days, AHome.Paris);

    private static HouseholdDay TodayUntil(int slots) => AHome.Day(Tuesday, i => i < slots ? 100 : null);
}
