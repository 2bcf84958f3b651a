using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

/// <summary>METHOD.md section 8.</summary>
public class ForecastTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");
    private static readonly LocalDate Target = new(2026, 2, 7); // a Saturday

    [Fact]
    public void A_home_that_follows_temperature_and_weekend_is_foretold_to_the_watt_hour()
    {
        var (history, celsius) = Made((day, c) => 5_000 + (IsRest(day) ? 2_000 : 0) + (600 * Math.Max(0, 15.5 - c)));

        var told = DayForecast.Of(Target, history, celsius)!;

        told.TotalWh.Should().BeApproximately(5_000 + 2_000 + (600 * (15.5 - celsius[Target])), 0.001);
        told.Wh[40].Should().BeApproximately(told.TotalWh * 3 / 96, 0.001, "its evenings are three times its mornings");
    }

    [Fact]
    public void It_beats_yesterday_and_last_week_where_the_weather_changes_and_says_by_how_much_it_is_off()
    {
        Random random = new(3);
        var (history, celsius) = Made((day, c) => (5_000 + (IsRest(day) ? 2_000 : 0) + (600 * Math.Max(0, 15.5 - c))) * (0.9 + (0.2 * random.NextDouble())));

        var error = ForecastError.Of(Target.PlusDays(-2), history, celsius)!;

        error.Days.Should().Be(14);
        error.HalfHours.Should().BeInRange(0.01, 0.1).And.BeLessThan(error.Persistence).And.BeLessThan(error.LastWeek);
        error.Total.Should().BeLessThanOrEqualTo(error.HalfHours);
    }

    [Fact]
    public void A_forecast_of_the_past_knows_nothing_of_what_came_after()
    {
        var (history, celsius) = Made((_, _) => 10_000);
        var spoilt = history.Select(h => h.Day >= Target.PlusDays(-3) ? new HistoryDay(h.Day, [.. h.Wh.Select(w => w * 50)]) : h).ToList();

        DayForecast.Of(Target.PlusDays(-3), spoilt, celsius).Should().BeEquivalentTo(DayForecast.Of(Target.PlusDays(-3), history, celsius));
        var next = NextDay.Of(null, Target, Target.PlusDays(-4), spoilt, [], celsius, Paris);
        next.LoadWh!.Sum().Should().BeCloseTo(10_000, 48);
    }

    [Fact]
    public void Its_error_knows_no_day_that_was_not_over_when_the_forecast_was_made()
    {
        var last = Target.PlusDays(-2);
        var (history, _) = Made((day, _) => day == last.PlusDays(-1) ? 500_000 : 10_000);

        var error = ForecastError.Of(last, history, new Dictionary<LocalDate, double>())!;

        // Off on the day that nobody could foresee, and on no other: not even on the next, whose forecast was made before that day was over.
        error.Total.Should().BeApproximately(490_000.0 / ((13 * 10_000) + 500_000), 1e-9);
    }

    [Fact]
    public void Without_the_next_days_temperature_it_does_without_any_and_with_two_weeks_too_few_it_says_nothing()
    {
        var (history, celsius) = Made((day, _) => IsRest(day) ? 8_000 : 6_000);
        celsius.Remove(Target);

        DayForecast.Of(Target, history, celsius)!.TotalWh.Should().BeApproximately(8_000, 0.001);
        DayForecast.Of(Target, history.TakeLast(13), celsius).Should().BeNull();
        NextDay.Of(null, Target, Target.PlusDays(-2), [], [], celsius, Paris).Should().Match<NextDay>(n => n.LoadWh == null && n.LoadError == null && n.PvWh == null);
    }

    [Fact]
    public void The_error_of_a_forecast_without_temperature_knows_none_either()
    {
        var (history, celsius) = Made((_, c) => 5_000 + (600 * Math.Max(0, 15.5 - c)));
        var with = NextDay.Of(null, Target, Target.PlusDays(-2), history, [], celsius, Paris);
        celsius.Remove(Target);

        var without = NextDay.Of(null, Target, Target.PlusDays(-2), history, [], celsius, Paris);

        with.LoadError!.Total.Should().BeLessThan(0.001);
        without.LoadError!.Total.Should().BeGreaterThan(0.1);
    }

    [Theory]
    [InlineData("2026-03-29", 46)]
    [InlineData("2026-10-25", 50)]
    public void A_day_on_which_the_clocks_change_is_told_in_as_many_half_hours_as_it_has(string date, int halfHours)
    {
        var day = NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value;
        var history = Enumerable.Range(1, 30).Select(i => HistoryDay.Of(day.PlusDays(-i), [.. Paris.SlotsOf(day.PlusDays(-i)).Select(_ => 100.0)], Paris)).ToList();

        NextDay.Of(null, day, day.PlusDays(-2), history, [], new Dictionary<LocalDate, double>(), Paris).LoadWh.Should().HaveCount(halfHours).And.OnlyContain(wh => wh == 100);
        HistoryDay.Of(day, [.. Paris.SlotsOf(day).Select(_ => 100.0)], Paris).Wh.Should().HaveCount(48).And.OnlyContain(wh => wh == 100);
    }

    private static bool IsRest(LocalDate day) => day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;

    private static (List<HistoryDay> History, Dictionary<LocalDate, double> Celsius) Made(Func<LocalDate, double, double> wh)
    {
        Random random = new(7);
        var celsius = Enumerable.Range(-80, 81).Select(i => Target.PlusDays(i)).ToDictionary(d => d, _ => -2 + (14 * random.NextDouble()));
        var history = celsius.Keys.Where(d => d < Target).Select(day => new HistoryDay(day, [.. Enumerable.Range(0, 48).Select(i => wh(day, celsius[day]) * (i < 24 ? 1 : 3) / 96)])).ToList();
        return (history, celsius);
    }
}
