using Grid.Analytics;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

public class HeadlineTests
{
    private static readonly YearMonth October = new(2026, 10);

    [Theory]
    [InlineData(-12.3, null, null, "Headline.Less")]
    [InlineData(-12.3, 13.0, 12.5, "Headline.Less")]
    [InlineData(-12.3, 13.5, 12.5, "Headline.LessWarmer")]
    [InlineData(-12.3, 11.0, 12.5, "Headline.Less")]
    [InlineData(1.9, 5.0, 12.5, "Headline.Same")]
    [InlineData(-1.9, null, null, "Headline.Same")]
    [InlineData(8.0, null, null, "Headline.More")]
    [InlineData(8.0, 11.0, 12.5, "Headline.MoreColder")]
    [InlineData(8.0, 14.0, 12.5, "Headline.More")]
    public void A_change_is_told_with_the_weather_only_where_the_weather_speaks_for_it(double change, double? celsius, double? before, string key) =>
        Headline.Of(AHome.Report(October, change, celsius, before)).Key.Should().Be(key);

    [Theory]
    [InlineData(Grade.Great, "Headline.Great")]
    [InlineData(Grade.Good, "Headline.Good")]
    [InlineData(Grade.Fair, "Headline.Plain")]
    public void Without_a_year_before_a_home_that_does_well_hears_so_first(Grade grade, string key) =>
        Headline.Of(AHome.Report(October, neighbours: new(90, 11_000, 8_000, grade, null))).Key.Should().Be(key);

    [Fact]
    public void Without_anything_to_compare_it_says_what_was_used() => Headline.Of(AHome.Report(October)).Key.Should().Be("Headline.Plain");

    [Fact]
    public void Without_data_it_says_so() => Headline.Of(AHome.Report(October, wh: null)).Key.Should().Be("Headline.NoData");
}
