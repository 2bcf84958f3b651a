using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

public class NeighbourhoodHistoryTests
{
    private static readonly LocalDate Day = new(2026, 11, 2);

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void A_days_curve_needs_a_hundred_homes_besides_ones_own(int homes, bool hidden)
    {
        var (days, why) = Load(homes, [Day]).Days(Everybody(homes));

        days.Should().HaveCount(hidden ? 0 : 1);
        why.Should().Be(hidden ? Suppression.TooFewHomes : null);
    }

    [Fact]
    public void A_day_in_which_one_home_is_too_large_is_left_out()
    {
        var history = Load(110, [Day, Day.PlusDays(1)]);
        history.Add(Home(109), OfDay(Day, 50));

        history.Days(Everybody(110)).Days.Select(d => d.Day).Should().Equal(Day.PlusDays(1));
    }

    [Theory]
    [InlineData(14, false)]
    [InlineData(18, true)]
    public void A_day_in_which_one_home_is_too_large_for_half_an_hour_is_left_out(double wh, bool hidden)
    {
        var history = Load(109, [Day]);
        history.Add(Home(109), new(Day, [.. Enumerable.Range(0, HistoryDay.HalfHours).Select(i => i == 7 ? wh : 1)]));

        var (days, why) = history.Days(Everybody(110));

        days.Should().HaveCount(hidden ? 0 : 1);
        why.Should().Be(hidden ? Suppression.OneHomeDominates : null, "of a day's use it is small, but at night it charges a car");
    }

    [Fact]
    public void A_half_hour_must_hold_without_both_homes_of_an_account_that_has_two()
    {
        var history = Load(117, [Day]);
        for (var i = 0; i < 3; i++) history.Add(Home(117 + i), new(Day, [.. Enumerable.Repeat(1.0, 47), 21]));

        history.Days(new Audiences([], []).Everybody(Enumerable.Range(0, 120).Select(Home))).Days.Should().ContainSingle("21 of 159");
        history.Days(new Audiences([], [new HashSet<HouseholdId> { Home(117), Home(118) }]).Everybody(Enumerable.Range(0, 120).Select(Home))).Days.Should().BeEmpty("21 of 138");
    }

    [Fact]
    public void The_first_light_on_one_roof_hides_no_day_of_what_panels_make()
    {
        NeighbourhoodHistory made = new(ReleaseRule.Production, completeHomes: null);
        for (var i = 0; i < 20; i++) made.Add(Home(i), new(Day, [.. Enumerable.Range(0, HistoryDay.HalfHours).Select(slot => slot > 20 || (slot == 20 && i == 0) ? 500.0 : 0)]));

        made.Days(Everybody(200)).Days.Should().ContainSingle();
    }

    [Fact]
    public void What_panels_make_needs_fifteen_other_producers_and_those_of_nobody_do_not_count()
    {
        Made(15).Hidden.Should().Be(Suppression.TooFewHomes);
        Made(16).Days.Should().ContainSingle().Which.TotalWh.Should().Be(48 * (16 + 5));

        static (IReadOnlyList<HistoryDay> Days, Suppression? Hidden) Made(int producers)
        {
            NeighbourhoodHistory made = new(ReleaseRule.Production, completeHomes: null);
            for (var i = 0; i < producers; i++) made.Add(Home(i), OfDay(Day, 1));
            made.AddCommon(OfDay(Day, 5));
            return made.Days(Everybody(200));
        }
    }

    [Fact]
    public void Days_that_most_homes_told_are_scaled_to_all_and_others_left_out()
    {
        var history = Load(200, [Day]);
        for (var i = 0; i < 190; i++) history.Add(Home(i), OfDay(Day.PlusDays(1), 1));
        for (var i = 0; i < 150; i++) history.Add(Home(i), OfDay(Day.PlusDays(2), 1));

        var (days, _) = history.Days(Everybody(200));

        days.Select(d => d.Day).Should().Equal(Day, Day.PlusDays(1));
        days.Should().OnlyContain(d => Math.Abs(d.TotalWh - (48 * 200)) < 1e-6);
    }

    [Fact]
    public void Everybody_is_told_a_hundredth_of_the_mean_half_hour_and_no_finer()
    {
        NextDay exact = new(null, "2026-11-03", null, [.. Enumerable.Range(0, 48).Select(i => 50_000L + (997 * i))], new(14, 0.123456, 0.04567, 0.2, 0.3), null, null);

        var told = exact.ForEverybody(null, Suppression.TooFewHomes);

        exact.ForEverybody(Suppression.OneHomeDominates, null).Hidden.Should().BeNull("enough other days are left");
        (exact with { LoadWh = null }).ForEverybody(Suppression.OneHomeDominates, null).Hidden.Should().Be("one-home-dominates", "too few are");
        told.LoadWh.Should().OnlyContain(wh => wh % 734 == 0, "the mean is 73,430 Wh");
        told.LoadWh!.Zip(exact.LoadWh!).Should().OnlyContain(p => Math.Abs(p.First - p.Second) <= 367);
        told.LoadError.Should().Be(new ForecastError(14, 0.123, 0.046, 0.2, 0.3));
        (told.Hidden, told.PvHidden).Should().Be((null, "too-few-homes"));
    }

    private static NeighbourhoodHistory Load(int homes, LocalDate[] days)
    {
        NeighbourhoodHistory history = new(ReleaseRule.Curve(1), completeHomes: 0.9);
        foreach (var day in days)
            for (var i = 0; i < homes; i++) history.Add(Home(i), OfDay(day, 1));
        return history;
    }

    private static IReadOnlyList<Audience> Everybody(int homes) => new Audiences([], []).Everybody(Enumerable.Range(0, homes).Select(Home));

    private static HistoryDay OfDay(LocalDate day, double wh) => new(day, [.. Enumerable.Repeat(wh, HistoryDay.HalfHours)]);

    private static HouseholdId Home(int number) => HouseholdId.Parse($"h-{number}");
}
