using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

public class MonthlyReportsTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");
    private static readonly YearMonth October = new(2026, 10);

    [Fact]
    public void A_home_is_compared_with_homes_of_its_kind_and_never_with_itself()
    {
        var homes = Kind("e", 21, HeatingKind.Electric).Concat(Kind("o", 10, HeatingKind.Other)).ToList();
        var totals = homes.SelectMany((home, i) => Month(home, October, home.Heating is HeatingKind.Electric ? 10_000 + (100 * i) : 3_000));

        var reports = MonthlyReports.Of(October, homes, totals, [], Paris);

        // The first of 21: the others have 10,100 to 12,000, so their mean is 11,050.
        reports.Single(r => r.Household == "e-0").Neighbours.MeanWhPerDay.Should().Be(11_050);
        reports.Single(r => r.Household == "o-0").Neighbours.Hidden.Should().Be(NeighbourComparison.TooFewHomes);
    }

    [Fact]
    public void Change_is_day_for_day_so_a_missing_day_does_not_pass_for_a_saving()
    {
        var home = Kind("e", 1, HeatingKind.Electric).Single();
        var totals = Month(home, October, 9_000).Skip(2).Concat(Month(home, new(2025, 10), 10_000));

        var report = MonthlyReports.Of(October, [home], totals, [], Paris).Single();

        report.ChangePercent.Should().Be(-10);
        report.Energy.CompleteDays.Should().Be(29);
        report.Energy.Quality.Should().Be("partial");
    }

    [Fact]
    public void A_month_with_too_few_complete_days_is_not_compared()
    {
        var home = Kind("e", 1, HeatingKind.Electric).Single();
        var totals = Month(home, October, 9_000).Skip(4).Concat(Month(home, new(2025, 10), 10_000));

        var report = MonthlyReports.Of(October, [home], totals, [], Paris).Single();

        report.ChangePercent.Should().BeNull();
        report.Neighbours.Hidden.Should().Be(NeighbourComparison.NotEnoughDays);
    }

    [Fact]
    public void The_same_inputs_in_another_order_give_the_same_bytes_and_they_can_be_read_back()
    {
        var homes = Kind("e", 25, HeatingKind.Electric).ToList();
        var totals = homes.SelectMany((home, i) => Month(home, October, 10_000 + i)).ToList();

        var report = MonthlyReports.Of(October, homes, totals, [], Paris)[3];
        var again = MonthlyReports.Of(October, [.. homes.AsEnumerable().Reverse()], totals.AsEnumerable().Reverse(), [], Paris)[3];

        again.ToJson().Should().Equal(report.ToJson());
        MonthlyReport.FromJson(report.ToJson()).Should().Be(report);
    }

    private static IEnumerable<Household> Kind(string name, int count, HeatingKind heating) =>
        Enumerable.Range(0, count).Select(i => new Household(HouseholdId.Parse($"{name}-{i}"), "b", DwellingKind.Apartment, heating, 50, 2));

    private static IEnumerable<DayTotal> Month(Household home, YearMonth month, long wh) =>
        month.ToDateInterval().Select(day => new DayTotal(home.Id, day, wh, null, Quality.Measured));
}
