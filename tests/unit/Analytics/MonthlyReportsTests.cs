using CsCheck;
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

        var reports = Reports(homes, [.. totals]);

        // The first of 21: the others have 10,100 to 12,000, so their mean is 11,050.
        reports.Single(r => r.Household == "e-0").Neighbours.MeanWhPerDay.Should().Be(11_050);
        reports.Single(r => r.Household == "o-0").Neighbours.Hidden.Should().Be(NeighbourComparison.TooFewHomes);
    }

    [Fact]
    public void Change_is_day_for_day_so_a_missing_day_does_not_pass_for_a_saving()
    {
        var home = Kind("e", 1, HeatingKind.Electric).Single();
        var totals = Month(home, October, 9_000).Skip(2).Concat(Month(home, new(2025, 10), 10_000));

        var report = Reports([home], [.. totals]).Single();

        report.ChangePercent.Should().Be(-10);
        report.Energy.CompleteDays.Should().Be(29);
        report.Energy.Quality.Should().Be("partial");
    }

    [Fact]
    public void A_month_with_too_few_complete_days_is_not_compared()
    {
        var home = Kind("e", 1, HeatingKind.Electric).Single();
        var totals = Month(home, October, 9_000).Skip(4).Concat(Month(home, new(2025, 10), 10_000));

        var report = Reports([home], [.. totals]).Single();

        report.ChangePercent.Should().BeNull();
        report.Neighbours.Hidden.Should().Be(NeighbourComparison.NotEnoughDays);
    }

    [Fact]
    public void The_same_inputs_in_another_order_give_the_same_bytes_and_they_can_be_read_back()
    {
        var homes = Kind("e", 25, HeatingKind.Electric).ToList();
        var totals = homes.SelectMany((home, i) => Month(home, October, 10_000 + i)).ToList();

        var report = Reports(homes, totals)[3];
        var again = Reports([.. homes.AsEnumerable().Reverse()], [.. totals.AsEnumerable().Reverse()])[3];

        again.ToJson().Should().Equal(report.ToJson());
        MonthlyReport.FromJson(report.ToJson()).Should().BeEquivalentTo(report);
    }

    [Fact]
    public void A_corrected_month_is_told_of_the_homes_that_it_was_told_of_first()
    {
        var homes = Kind("e", 21, HeatingKind.Electric).ToList();
        var late = homes.SelectMany((home, i) => Month(home, October, 10_000 + (100 * i)).Skip(home == homes[^1] ? 10 : 0)).ToList();
        var complete = homes.SelectMany((home, i) => Month(home, October, 10_000 + (100 * i))).ToList();
        var first = MonthlyReports.Of(Facts(homes, late));

        var corrected = MonthlyReports.Of(Facts(homes, complete) with { Shown = first.Shown });

        corrected.Reports[0].Neighbours.Should().Be(first.Reports[0].Neighbours);
        MonthlyReports.Of(Facts(homes, complete)).Reports[0].Neighbours.MeanWhPerDay.Should().NotBe(first.Reports[0].Neighbours.MeanWhPerDay);
    }

    [Fact]
    public void What_was_told_before_there_was_a_ledger_is_not_told_again_of_other_homes()
    {
        var homes = Kind("e", 21, HeatingKind.Electric).ToList();
        var totals = homes.SelectMany(home => Month(home, October, 10_000)).ToList();

        var result = MonthlyReports.Of(Facts(homes, totals) with { ToldBeforeTheLedger = new HashSet<HouseholdId> { homes[0].Id } });

        result.Reports[0].Neighbours.Hidden.Should().Be(NeighbourComparison.CouldBeSubtracted);
        result.Reports[1].Neighbours.Hidden.Should().BeNull();
        result.Shown.Should().NotContain(s => s.Audience == homes[0].Id);
    }

    [Fact]
    public void A_correction_that_one_home_could_be_subtracted_from_is_hidden()
    {
        var homes = Kind("e", 21, HeatingKind.Electric).ToList();
        var complete = homes.SelectMany((home, i) => Month(home, October, 10_000 + (100 * i))).ToList();
        var first = MonthlyReports.Of(Facts(homes, complete));

        var withoutOne = MonthlyReports.Of(Facts(homes, [.. complete.Where(t => t.Household != homes[5].Id || t.Day.Day > 10)]) with { Shown = first.Shown });

        withoutOne.Reports[0].Neighbours.Hidden.Should().Be(NeighbourComparison.CouldBeSubtracted);
        withoutOne.Shown.Should().NotContain(s => s.Audience == homes[0].Id);
    }

    [Fact]
    public void Through_every_version_of_a_month_no_resident_is_shown_groups_that_part_fewer_than_fifteen_homes() =>
        Gen.Int[0, 99].Array[4, 120].Sample(chances =>
        {
            var homes = Kind("e", 40, HeatingKind.Electric).ToList();
            List<ShownGroup> ledger = [];
            foreach (var version in chances.Chunk(homes.Count))
            {
                // Of each home ten days may be missing in this version and be there in the next.
                var totals = homes.Zip(version, (home, chance) => Month(home, October, 10_000).Skip(chance < 15 ? 10 : 0)).SelectMany(t => t).ToList();
                foreach (var shown in MonthlyReports.Of(Facts([.. homes.Take(version.Length)], totals) with { Shown = ledger }).Shown)
                    if (!ledger.Exists(l => l.Audience == shown.Audience && l.Group.Homes.SetEquals(shown.Group.Homes))) ledger.Add(shown);
            }

            ledger.GroupBy(l => l.Audience).Should().OnlyContain(audience => SmallestPart(audience.Select(a => a.Group.Homes).ToList()) >= 15);
        }, iter: 60);

    [Fact]
    public void The_peak_and_the_stand_by_of_the_month_are_told()
    {
        var home = Kind("e", 1, HeatingKind.Electric).Single();
        var days = October.ToDateInterval().Select(day => new HouseholdDay(
            home.Id, day, [.. Paris.SlotsOf(day).Select((_, i) => new SlotEnergy(day.Day == 12 && i == 39 ? 4_000 : i < 14 ? 60 : 300, null, Quality.Measured))])).ToList();

        var report = MonthlyReports.Of(Facts([home], [.. Month(home, October, 9_000)]) with
        {
            Loads = new Dictionary<HouseholdId, LoadFacts> { [home.Id] = LoadFacts.Of(days, Paris) },
        }).Reports.Single();

        report.Peak.Should().Be(new MonthPeak("2026-10-12T19:30:00+02:00", 8_000));
        report.StandByW.Should().Be(120);
    }

    // Homes that stand in exactly the same groups: nothing that is made of these can tell fewer.
    private static int SmallestPart(IReadOnlyList<IReadOnlySet<HouseholdId>> groups) => groups.SelectMany(g => g).Distinct()
        .GroupBy(home => string.Concat(groups.Select(g => g.Contains(home) ? '1' : '0')), StringComparer.Ordinal).Min(part => part.Count());

    private static IReadOnlyList<MonthlyReport> Reports(IReadOnlyList<Household> homes, IReadOnlyList<DayTotal> totals) => MonthlyReports.Of(Facts(homes, totals)).Reports;

    private static MonthFacts Facts(IReadOnlyList<Household> homes, IReadOnlyList<DayTotal> totals) => new(October, homes, totals, [], Paris)
    {
        Cohorts = homes.ToDictionary(h => h.Id, h => Cohort.Of(h, homes, October.Year)),
        Counted = CountedMonth.Of(October, totals).ToDictionary(c => HouseholdId.Parse(c.Household), c => c.WhPerDay),
    };

    private static IEnumerable<Household> Kind(string name, int count, HeatingKind heating) =>
        Enumerable.Range(0, count).Select(i => new Household(HouseholdId.Parse($"{name}-{i}"), "b", DwellingKind.Apartment, heating, 50, 2));

    private static IEnumerable<DayTotal> Month(Household home, YearMonth month, long wh) =>
        month.ToDateInterval().Select(day => new DayTotal(home.Id, day, wh, null, Quality.Measured, 48, 48));
}
