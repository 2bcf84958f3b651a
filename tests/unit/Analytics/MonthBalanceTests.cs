using System.Collections.Immutable;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

public class MonthBalanceTests
{
    private static readonly LocalDate First = new(2026, 9, 1);

    [Theory]
    [InlineData(27, true)]
    [InlineData(26, false)]
    public void A_month_is_told_from_nine_days_in_ten_on(int known, bool told)
    {
        var balance = MonthBalance.Of(Days(known));

        (balance is not null).Should().Be(told);
        if (told) balance.Should().Be(new MonthBalance(27, 27 * 40, 27 * 60, 27 * 100, 0, 0, 27 * 10, 27 * 80, 0.4, 0.5));
    }

    [Fact]
    public void A_home_without_panels_battery_or_charger_has_none() => MonthBalance.Of(Days(0)).Should().BeNull();

    [Fact]
    public void A_report_without_one_has_the_bytes_that_it_had_before_there_were_any()
    {
        MonthlyReport report = new("h-1", "2026-09", new(30, 30, 1, 1, "measured"), null, null, null, null, NeighbourComparison.HiddenBecause(NeighbourComparison.TooFewHomes));

        System.Text.Encoding.UTF8.GetString(report.ToJson()).Should().NotContain("balance");
        var told = report with { Balance = MonthBalance.Of(Days(30)) };
        MonthlyReport.FromJson(told.ToJson()).Balance.Should().Be(told.Balance);
    }

    [Fact]
    public void A_day_whose_readings_are_deleted_keeps_its_balance()
    {
        var (with, without) = (Day(0, known: true), Day(0, known: false));

        OldDays.KnowsNoLess(with, without).Should().BeTrue();
        OldDays.KnowsNoLess(without, with).Should().BeFalse("METHOD.md rule 1.14");
    }

    private static IEnumerable<HouseholdDay> Days(int known) => Enumerable.Range(0, 30).Select(i => Day(i, i < known));

    private static HouseholdDay Day(int after, bool known) => new(HouseholdId.Parse("h-1"), First.PlusDays(after), ImmutableArray.CreateRange(Enumerable.Repeat(new SlotEnergy(1, 0, Quality.Measured), 48)))
    {
        Balance = known ? new(40, 60, 100, 0, 0, 10) : null,
    };
}
