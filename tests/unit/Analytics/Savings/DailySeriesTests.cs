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
    [InlineData(1440, 60)]
    [InlineData(60, 1440)]
    [InlineData(60, 30)]
    [InlineData(30, 60)]
    [InlineData(60, 15)]
    public void After_a_change_of_the_interval_each_day_is_measured_by_its_own(int before, int after)
    {
        var change = new LocalDate(2026, 3, 11);

        var found = DailyUse.Of([.. Every(before, new(2026, 2, 1), change), .. Every(after, change, new(2026, 4, 20))], Paris, zeroIsAValue: false);

        found.Days.Should().HaveCount(78);
        found.Days.Values.Should().AllSatisfy(use => use.Should().BeApproximately(24, 1e-9));
        found.IntervalChanges.Should().Equal(change);
    }

    [Fact]
    public void A_change_in_the_middle_of_a_day_counts_each_interval_by_its_length()
    {
        var noon = Paris.StartOf(new(2026, 3, 11)) + Duration.FromHours(12);

        var found = DailyUse.Of([.. Every(60, new(2026, 2, 1), new(2026, 4, 20)).Where(v => v.Start < noon), .. Every(30, new(2026, 2, 1), new(2026, 4, 20)).Where(v => v.Start >= noon)], Paris, zeroIsAValue: false);

        found.Days.Values.Should().AllSatisfy(use => (use is null or (> 22.99 and < 25.01)).Should().BeTrue());
        found.Days[new(2026, 3, 11)].Should().BeApproximately(24, 1e-9);
    }

    [Fact]
    public void Hours_that_are_missing_are_no_change_of_the_interval()
    {
        var (first, end) = (new LocalDate(2026, 5, 1), new LocalDate(2026, 7, 30));
        var thin = new DateInterval(new(2026, 6, 1), new(2026, 6, 10));

        var half = DailyUse.Of(Every(60, first, end).Where((v, i) => i % 2 == 0 || !thin.Contains(Paris.DayOf(v.Start))), Paris, zeroIsAValue: false);
        var one = DailyUse.Of(Every(60, first, end).Where((v, i) => i % 24 == 0 || !thin.Contains(Paris.DayOf(v.Start))), Paris, zeroIsAValue: false);

        foreach (var found in (DailyUse[])[half, one])
        {
            found.Days.Should().HaveCount(90);
            found.Days.Should().AllSatisfy(day => day.Value.Should().Be(thin.Contains(day.Key) ? null : 24));
            found.IntervalChanges.Should().BeEmpty();
        }
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

    // An even kWh an hour; intervals of a day are local days, scaled to the same.
    private static IEnumerable<TimedValue> Every(int minutes, LocalDate first, LocalDate end)
    {
        if (minutes == 1440)
        {
            for (var day = first; day < end; day = day.PlusDays(1)) yield return new(Paris.StartOf(day), 24);
            yield break;
        }

        for (var at = Paris.StartOf(first); at < Paris.StartOf(end); at += Duration.FromMinutes(minutes))
            yield return new(at, 24 / HoursOf(at) * minutes / 60.0);

        static double HoursOf(Instant at) => Paris.Whole(Paris.DayOf(at)).Length.TotalHours;
    }

    private static IEnumerable<TimedValue> Slots(LocalDate day) => Paris.SlotsOf(day).Select(s => new TimedValue(s.Start, 1));

    private static IEnumerable<TimedValue> Hours(LocalDate day) => Enumerable.Range(0, 24).Select(h => new TimedValue(Paris.StartOf(day) + Duration.FromHours(h), h));
}
