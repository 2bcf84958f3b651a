using Grid.Analytics;
using Grid.Domain;
using System.Security.Claims;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

public class OwnHouseholdTests
{
    private static readonly Guid Account = Guid.NewGuid();
    private static readonly ClaimsPrincipal User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, Account.ToString())], "test"));
    private readonly FakePorts _ports = new();

    [Theory]
    [InlineData("h-0001")]
    [InlineData("no household at all")]
    [InlineData(null)]
    public async Task What_is_not_ones_own_is_not_there(string? id)
    {
        _ports.Tenancies.Add(AHome.LivedInBy(Account, new(2026, 3, 12)));

        var found = await Access().FindAsync(User, id, TestContext.Current.CancellationToken);

        found.Should().BeNull();
    }

    [Fact]
    public async Task Days_of_the_people_before_and_after_are_left_out()
    {
        _ports.Tenancies.Add(AHome.LivedInBy(Account, new(2026, 3, 12), new(2026, 3, 14)));
        for (var day = 10; day < 17; day++) _ports.Days.Add(AHome.Day(new(2026, 3, day), 100));

        var days = await (await Mine()).DaysAsync(new(2026, 3, 1), new(2026, 4, 1), TestContext.Current.CancellationToken);

        days.Select(d => d.Day).Should().Equal(new LocalDate(2026, 3, 12), new LocalDate(2026, 3, 13));
    }

    [Fact]
    public async Task A_range_outside_the_tenancy_has_no_visible_part()
    {
        _ports.Tenancies.Add(AHome.LivedInBy(Account, new(2026, 3, 12), new(2026, 3, 14)));

        var mine = await Mine();

        mine.Visible(new(2026, 3, 14), new(2026, 4, 1)).Should().BeNull();
        mine.Visible(new(2026, 3, 1), new(2026, 3, 12)).Should().BeNull();
        mine.Visible(new(2026, 3, 13), new(2026, 4, 1)).Should().Be((new LocalDate(2026, 3, 13), new LocalDate(2026, 3, 14)));
    }

    [Fact]
    public async Task A_report_is_shown_only_for_a_month_lived_there_from_end_to_end()
    {
        _ports.Tenancies.Add(AHome.LivedInBy(Account, new(2026, 3, 12)));
        foreach (var month in new YearMonth[] { new(2026, 2), new(2026, 3), new(2026, 4) }) _ports.Reports.Add(AHome.Stored(AHome.Report(month), month));

        var mine = await Mine();

        (await mine.ReportMonthsAsync(TestContext.Current.CancellationToken)).Should().Equal(new YearMonth(2026, 4));
        (await mine.ReportAsync(new(2026, 3), TestContext.Current.CancellationToken)).Should().BeNull();
    }

    [Fact]
    public async Task What_the_people_before_used_a_year_ago_is_taken_out_of_the_report()
    {
        _ports.Tenancies.Add(AHome.LivedInBy(Account, new(2026, 3, 12)));
        _ports.Reports.Add(AHome.Stored(AHome.Report(new(2026, 10), change: -12.3), new(2026, 10)));

        var report = await (await Mine()).ReportAsync(new(2026, 10), TestContext.Current.CancellationToken);

        report!.Report.YearBefore.Should().BeNull();
        report.Report.ChangePercent.Should().BeNull();
        System.Text.Encoding.UTF8.GetString(report.Json).Should().NotContain("320000").And.NotContain("-12.3");
    }

    [Theory]
    [InlineData("2025-09-30", true)]
    [InlineData("2025-10-01", false)]
    public async Task Savings_against_the_year_of_the_people_before_are_taken_out_too(string movedIn, bool shown)
    {
        _ports.Tenancies.Add(AHome.LivedInBy(Account, NodaTime.Text.LocalDatePattern.Iso.Parse(movedIn).Value));
        SavedEnergy energy = new(30, 0, 300, 0, 0, 271.828, 28.172, 20, Verdict.Saved, []);
        SavedWorth worth = new(271.828, 54.37m, 5.63m, 4, false, 5.9, 0.6, 0.4, IntensitySource.Year);
        var report = AHome.Report(new(2026, 10)) with
        {
            Savings = new("h-0042", "2026-10", "2025-09-30", "2026-09-29", null, energy, energy),
            Costs = new("h-0042", "2026-10", "2025-09-30", null, new(6.6, 21.7, CarbonKind.Direct, IntensitySource.Year), worth, worth, new(ActionKind.Heating, 96, 480)),
        };
        _ports.Reports.Add(AHome.Stored(report, new(2026, 10)));

        var found = await (await Mine()).ReportAsync(new(2026, 10), TestContext.Current.CancellationToken);

        (found!.Report.Savings is not null).Should().Be(shown);
        (found.Report.Costs!.SinceStart is not null).Should().Be(shown);
        (found.Report.Costs.Action is not null).Should().Be(shown, "its heating is read from the same year");
        found.Report.Costs.Carbon.Should().NotBeNull("the month itself is one's own");
        System.Text.Encoding.UTF8.GetString(found.Json).Contains("271.828", StringComparison.Ordinal).Should().Be(shown);
    }

    [Theory]
    [InlineData("2026-10-01", "similar-day", false)]
    [InlineData("2026-10-01", "interpolated", true)]
    [InlineData("2026-09-09", "similar-day", true)]
    public async Task A_month_near_the_move_with_a_gap_of_other_peoples_shape_tells_its_days_flat_and_nothing_that_hours_decide(string movedIn, string quality, bool asStored)
    {
        LocalDate moved = NodaTime.Text.LocalDatePattern.Iso.Parse(movedIn).Value, first = new(2026, 10, 1);
        _ports.Tenancies.Add(AHome.LivedInBy(Account, moved));
        _ports.Days.Add(new(AHome.Household.Id, first, [.. Enumerable.Range(0, 48).Select(_ => new SlotEnergy(300, null, Quality.SimilarDay))]));
        _ports.Days.Add(new(AHome.Household.Id, first.PlusDays(1), [.. Enumerable.Range(0, 48).Select(_ => new SlotEnergy(100, null, Quality.SimilarDay))]));
        var plain = AHome.Report(first.ToYearMonth());
        var report = plain with
        {
            Energy = plain.Energy with { Quality = quality }, DailyWh = [14_400, 4_800, .. new long?[29]],
            Costs = new("h-0042", "2026-10", null, new(20, 15, 5, 0, 3, 0.2m, true, 0, 0, []), new(0.4, 21.7, CarbonKind.Direct, IntensitySource.Year), null, null, null),
        };
        _ports.Reports.Add(AHome.Stored(report, first.ToYearMonth()));

        var found = (await (await Mine()).ReportAsync(first.ToYearMonth(), TestContext.Current.CancellationToken))!;

        found.Report.DailyWh!.Take(2).Should().Equal(asStored ? [14_400, 4_800] : [9_600, 9_600]);
        (found.Report.Costs!.Bill is not null).Should().Be(asStored);
        (found.Report.Costs.Carbon is not null).Should().Be(asStored);
        System.Text.Encoding.UTF8.GetString(found.Json).Contains("14400", StringComparison.Ordinal).Should().Be(asStored);
        (await (await Mine()).ReportVersionsAsync(first.ToYearMonth(), TestContext.Current.CancellationToken)).Should().ContainSingle().Which.Json.Should().Equal(found.Json);
    }

    [Fact]
    public async Task A_report_of_ones_own_two_years_comes_as_it_was_stored()
    {
        _ports.Tenancies.Add(AHome.LivedInBy(Account, new(2025, 10, 1)));
        var stored = AHome.Stored(AHome.Report(new(2026, 10), change: -12.3), new(2026, 10));
        _ports.Reports.Add(stored);

        var report = await (await Mine()).ReportAsync(new(2026, 10), TestContext.Current.CancellationToken);

        report!.Json.Should().Equal(stored.Json);
    }

    [Theory]
    [InlineData(21, false)]
    [InlineData(22, true)]
    public async Task A_gap_soon_after_the_move_has_no_shape_of_the_people_before(int daysAfter, bool shaped)
    {
        LocalDate movedIn = new(2026, 9, 1), day = movedIn.PlusDays(daysAfter);
        _ports.Tenancies.Add(AHome.LivedInBy(Account, movedIn));
        _ports.Days.Add(new(AHome.Household.Id, day, [.. Enumerable.Range(0, 48).Select(i => new SlotEnergy(i, null, Quality.SimilarDay))]));

        var slots = (await (await Mine()).DaysAsync(day, day.PlusDays(1), TestContext.Current.CancellationToken)).Single().Slots;

        slots.Sum(s => s.ImportWh).Should().Be(48 * 47 / 2);
        slots.Should().OnlyContain(s => s.Quality == (shaped ? Quality.SimilarDay : Quality.Interpolated));
        (slots[47].ImportWh - slots[0].ImportWh).Should().Be(shaped ? 47 : 1);
    }

    [Theory]
    [InlineData("2026-09-02", true)]
    [InlineData("2026-09-03", false)]
    public async Task A_forecast_that_the_people_before_would_tell_is_none(string movedIn, bool shown)
    {
        var tomorrow = new LocalDate(2026, 11, 13); // it looks 72 days back
        _ports.Tenancies.Add(AHome.LivedInBy(Account, NodaTime.Text.LocalDatePattern.Iso.Parse(movedIn).Value));
        _ports.Reports.Add(new(NextDay.Key(AHome.Household.Id, tomorrow), 1, Instant.FromUtc(2026, 11, 12, 4, 0), new NextDay("h-0042", "2026-11-13", 7, [1, 2], null, null, null).ToJson(), null));

        var found = await (await Mine()).NextDayAsync(tomorrow, TestContext.Current.CancellationToken);

        (found is not null).Should().Be(shown);
    }

    private HouseholdAccess Access() => new(_ports, _ports, _ports);

    private async Task<OwnHousehold> Mine() => (await Access().FindAsync(User, "h-0042", TestContext.Current.CancellationToken))!;
}
