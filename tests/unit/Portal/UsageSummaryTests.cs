using Grid.Domain;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

public class UsageSummaryTests
{
    private static readonly LocalDate Today = new(2026, 11, 24);

    [Fact]
    public void A_past_day_counts_its_half_hours_without_data()
    {
        var summary = Of(UsageView.Day, new(2026, 11, 20), AHome.Day(new(2026, 11, 20), i => i is 3 or 4 or 47 ? null : 100));

        summary.MissingSlots.Should().Be(3);
        summary.TotalWh.Should().Be(4500);
        summary.Until.Should().BeNull();
        summary.HasGaps.Should().BeTrue();
    }

    [Fact]
    public void A_whole_day_has_no_gaps() => Of(UsageView.Day, new(2026, 11, 20), AHome.Day(new(2026, 11, 20), 100)).HasGaps.Should().BeFalse();

    [Fact]
    public void What_is_still_to_come_today_is_not_missing()
    {
        var summary = Of(UsageView.Day, Today, AHome.Day(Today, i => i is 3 or > 20 ? null : 100));

        summary.MissingSlots.Should().Be(1);
        summary.Until.Should().Be(new LocalTime(10, 30));
        summary.Rows.Count(r => r.State is RowState.ToCome).Should().Be(27);
    }

    [Fact]
    public void A_month_tells_days_without_data_from_days_with_gaps_and_leaves_today_out()
    {
        var days = Enumerable.Range(1, 23).Where(d => d != 18).Select(d => AHome.Day(new(2026, 11, d), i => d == 21 && i == 4 ? null : 100))
            .Append(AHome.Day(Today, i => i < 20 ? 100 : null));

        var summary = Of(UsageView.Month, Today, [.. days]);

        summary.Should().Match<UsageSummary>(s => s.MissingDays == 1 && s.GappyDays == 1 && s.MissingSlots == 0);
        summary.Rows.Select(r => r.State).Skip(16).Take(9).Should().Equal(
            RowState.Measured, RowState.NoData, RowState.Measured, RowState.Measured, RowState.Partial, RowState.Measured, RowState.Measured, RowState.SoFar, RowState.ToCome);
    }

    [Fact]
    public void Days_before_the_account_moved_in_are_neither_shown_nor_missing()
    {
        UsagePeriod period = new(UsageView.Month, Today);

        var summary = UsageSummary.Of(period, (new(2026, 11, 10), new(2026, 12, 1)), [AHome.Day(new(2026, 11, 10), 100)], AHome.Paris, new(2026, 11, 11));

        summary.MissingDays.Should().Be(0);
        summary.Rows.Take(9).Should().OnlyContain(r => r.State == RowState.NotYours);
        summary.Rows[9].State.Should().Be(RowState.Measured);
    }

    [Theory]
    [InlineData("day", "2026-11-20", UsageView.Day, "2026-11-20", "2026-11-21")]
    [InlineData("month", "2026-02-20", UsageView.Month, "2026-02-01", "2026-03-01")]
    [InlineData("year", "2026-02-20", UsageView.Year, "2026-01-01", "2027-01-01")]
    [InlineData("decade", "soon", UsageView.Day, "2026-11-24", "2026-11-25")]
    [InlineData(null, "2031-01-01", UsageView.Day, "2026-11-24", "2026-11-25")]
    [InlineData(null, "2011-01-01", UsageView.Day, "2025-09-01", "2025-09-02")]
    public void An_address_shows_its_period_or_the_nearest_that_makes_sense(string? view, string date, UsageView shown, string from, string to)
    {
        var period = UsagePeriod.Of(view, date, Today, AHome.LivedInBy(Guid.Empty, new(2025, 9, 1)));

        period.View.Should().Be(shown);
        $"{period.From:uuuu-MM-dd} {period.To:uuuu-MM-dd}".Should().Be($"{from} {to}");
    }

    private static UsageSummary Of(UsageView view, LocalDate date, params HouseholdDay[] days)
    {
        UsagePeriod period = new(view, date);
        return UsageSummary.Of(period, (period.From, period.To), days, AHome.Paris, Today);
    }
}
