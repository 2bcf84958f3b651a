using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics.Savings;

public sealed class DailySeriesTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);
    private static readonly LocalDate Spring = new(2026, 3, 29);
    private static readonly LocalDate Autumn = new(2026, 10, 25);

    [Fact]
    public void The_days_on_which_clocks_change_have_46_and_50_half_hours()
    {
        var days = DailyUse.Of([.. Slots(Spring), .. Slots(Autumn)], Paris, zeroIsAValue: false).Days;

        days.Should().Equal(new Dictionary<LocalDate, double?> { [Spring] = 46, [Autumn] = 50 });
    }

    [Theory]
    [InlineData(24, null)]
    [InlineData(25, 48.0)]
    [InlineData(36, 48.0)]
    public void More_than_half_of_a_day_stands_for_all_of_it(int present, double? use)
    {
        var day = new LocalDate(2026, 6, 1);

        DailyUse.Of(Slots(day).Take(present), Paris, zeroIsAValue: false).Days[day].Should().Be(use);
    }

    [Fact]
    public void A_day_of_nothing_is_a_silent_meter_unless_it_is_gas()
    {
        var day = new LocalDate(2026, 6, 1);
        TimedValue[] silent = [.. Slots(day).Select(s => s with { Value = 0 })];

        DailyUse.Of(silent, Paris, zeroIsAValue: false).Days[day].Should().BeNull();
        DailyUse.Of(silent, Paris, zeroIsAValue: true).Days[day].Should().Be(0);
    }

    [Fact]
    public void Of_two_values_for_an_instant_the_first_is_taken_and_a_conflict_told()
    {
        var start = Paris.StartOf(new(2026, 6, 1));
        var next = Paris.StartOf(new(2026, 6, 2));

        var found = DailyUse.Of([new(start, 5), new(start, 5), new(start, 6), new(next, null), new(next, 7)], Paris, zeroIsAValue: false);

        found.Days.Values.Should().BeEquivalentTo(new double?[] { 5, 7 });
        found.Conflicts.Should().Equal(start);
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void Six_missing_hours_are_bridged_and_seven_are_not(int missing, bool bridged)
    {
        var day = new LocalDate(2026, 6, 1);
        var hours = Hours(day).Where((_, h) => h < 5 || h >= 5 + missing);

        var found = DailyTemperature.Of(hours, Paris)[day];

        found.Share.Should().BeApproximately(bridged ? 1 : 17 / 24.0, 1e-12);
        if (bridged) found.Mean.Should().BeApproximately(11.5, 1e-12, "the hours rise by one each");
    }

    [Theory]
    [InlineData(12, false)]
    [InlineData(13, true)]
    public void A_day_has_a_mean_if_more_than_half_of_its_hours_are_there(int hours, bool has)
    {
        var day = new LocalDate(2026, 6, 1);

        DailyTemperature.Of(Hours(day).Take(hours), Paris)[day].Mean.HasValue.Should().Be(has);
        DailyTemperature.OfHours(20, hours).Mean.HasValue.Should().Be(has);
    }

    private static IEnumerable<TimedValue> Slots(LocalDate day) => Paris.SlotsOf(day).Select(s => new TimedValue(s.Start, 1));

    private static IEnumerable<TimedValue> Hours(LocalDate day) => Enumerable.Range(0, 24).Select(h => new TimedValue(Paris.StartOf(day) + Duration.FromHours(h), h));
}
