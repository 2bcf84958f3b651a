using Grid.Analytics;
using Grid.Domain;
using Grid.IntegrationTests.Pipeline;
using Grid.Storage;

namespace Grid.IntegrationTests.Privacy;

/// <summary>What everybody is told of a month: when, of whom, and that it stands.</summary>
public class NeighbourhoodMonthsTests
{
    private static readonly YearMonth January = new(2026, 1), March = new(2026, 3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_corrected_day_changes_ones_own_figures_and_none_about_many()
    {
        await using var bench = await FilledAsync();
        await bench.RunAsync(Stop);
        var (told, neighbours) = (await ToldAsync(bench, March), (await ReportAsync(bench, 5)).Neighbours);
        told!.Neighbourhood.Should().Match<ImportOfMany>(m => m.Homes == 25 && m.Hidden == null && m.ImportWh == 25 * m.MeanWhPerHome);
        neighbours.Hidden.Should().BeNull();

        await bench.Get<IHouseholdDays>().ReplaceAsync([PeriodsBench.Day(3, new(2026, 3, 10), factor: 2)], [], Stop);
        (await bench.RunAsync(Stop)).Should().BePositive();

        (await bench.Get<IResults>().VersionsAsync(NeighbourhoodMonth.Key(March), Stop)).Should().ContainSingle();
        (await ReportAsync(bench, 5)).Neighbours.Should().Be(neighbours);
        (await bench.Get<IResults>().VersionsAsync(MonthlyReport.Key(PeriodsBench.Home(3), March), Stop)).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_month_is_told_once_nine_in_ten_of_its_homes_count()
    {
        await using var bench = await FilledAsync();
        await LoseAsync(bench, March, homes: 3);
        await bench.RunAsync(Stop);
        (await ToldAsync(bench, March)).Should().BeNull();
        (await ToldAsync(bench, January))!.Neighbourhood.Homes.Should().Be(25);
        (await ReportAsync(bench, 5)).Neighbours.Hidden.Should().Be(NeighbourComparison.TooFewHomes);

        await bench.Get<IHouseholdDays>().ReplaceAsync([.. Days(March).Select(day => PeriodsBench.Day(0, day))], [], Stop);
        await bench.RunAsync(Stop);

        (await ToldAsync(bench, March))!.Neighbourhood.Homes.Should().Be(20, "23 count");
        (await ReportAsync(bench, 5)).Neighbours.Homes.Should().Be(20);
    }

    [Fact]
    public async Task Homes_that_came_within_the_month_do_not_stand_in_for_those_that_are_awaited()
    {
        await using var bench = await FilledAsync();
        await LoseAsync(bench, March, homes: 3);
        var calendar = LocalCalendar.For(LocalCalendar.DefaultZone);
        List<Household> came = [.. Enumerable.Range(PeriodsBench.Homes, 5).Select(i => new Household(PeriodsBench.Home(i), "b", DwellingKind.Apartment, HeatingKind.Electric, 60, 2))];
        (await bench.Get<RegistryEditor>().ApplyAsync(
            new("n", LocalCalendar.DefaultZone, came, [.. came.Select(h => new MeterInstall(MeterName.Parse("m-" + h.Id), MeterKind.Main, GatewayName.Parse("gw-1"), h.Id, calendar.StartOf(new(2026, 3, 2)), null))]), Stop)).Should().BeEmpty();
        await bench.RefreshAsync();
        for (var i = 0; i < came.Count; i++)
            await bench.Get<IHouseholdDays>().ReplaceAsync([.. March.ToDateInterval().Skip(1).Select(day => PeriodsBench.Day(PeriodsBench.Homes + i, day))], [], Stop);

        await bench.RunAsync(Stop);

        (await ToldAsync(bench, March)).Should().BeNull("22 of 25 that hung there on the first count, with 5 that did not");
    }

    [Fact]
    public async Task An_old_month_is_told_with_those_that_count_when_nothing_comes_any_more()
    {
        await using var bench = await FilledAsync();
        await LoseAsync(bench, January, homes: 3);
        await bench.RunAsync(Stop);
        (await ToldAsync(bench, January)).Should().BeNull("it may still be coming in");
        await LoseAsync(bench, January, homes: 4);
        await bench.RunAsync(Stop);
        (await ToldAsync(bench, January)).Should().BeNull("it has changed since the last turn");

        await bench.RunAsync(Stop);

        (await ToldAsync(bench, January))!.Neighbourhood.Homes.Should().Be(20, "21 count");
    }

    [Fact]
    public async Task The_forecast_of_a_small_neighbourhood_is_hidden_however_many_offices_it_has_and_says_why()
    {
        await using var bench = await FilledAsync();
        List<Household> offices = [.. Enumerable.Range(PeriodsBench.Homes, 100).Select(i => new Household(PeriodsBench.Home(i), "b", DwellingKind.Office, HeatingKind.Other, null, null))];
        (await bench.Get<RegistryEditor>().ApplyAsync(new("n", LocalCalendar.DefaultZone, offices, []), Stop)).Should().BeEmpty();
        await bench.RefreshAsync();
        await bench.Get<IHouseholdDays>().ReplaceAsync([.. offices.SelectMany((_, i) => Enumerable.Range(2, 30).Select(d => PeriodsBench.Day(PeriodsBench.Homes + i, PeriodsBench.Today.PlusDays(-d))))], [], Stop);
        await bench.RunAsync(Stop);

        var forecast = NextDay.FromJson((await bench.Get<IResults>().FindAsync(NextDay.Key(null, PeriodsBench.Today.PlusDays(1)), null, Stop))!.Json);

        forecast.Should().Match<NextDay>(f => f.LoadWh == null && f.LoadError == null && f.Hidden == "too-few-homes");
        (await bench.Get<IResults>().FindAsync(NextDay.Key(PeriodsBench.Home(1), PeriodsBench.Today.PlusDays(1)), null, Stop)).Should().NotBeNull("one's own is one's own");
    }

    private static async Task<PeriodsBench> FilledAsync()
    {
        var bench = await PeriodsBench.StartAsync();
        await bench.FillAsync();
        return bench;
    }

    private static Task LoseAsync(PeriodsBench bench, YearMonth month, int homes) => bench.Get<IHouseholdDays>().ReplaceAsync(
        [
            .. Enumerable.Range(0, homes).SelectMany(home => Days(month).Select(day => PeriodsBench.Day(home, day)))
                .Select(day => new HouseholdDay(day.Household, day.Day, [.. day.Slots.Select(_ => SlotEnergy.Unknown)])),
        ],
        [], Stop);

    private static IEnumerable<LocalDate> Days(YearMonth month) => month.ToDateInterval().Take(5);

    private static async Task<NeighbourhoodMonth?> ToldAsync(PeriodsBench bench, YearMonth month) =>
        await bench.Get<IResults>().FindAsync(NeighbourhoodMonth.Key(month), null, Stop) is { } stored ? NeighbourhoodMonth.FromJson(stored.Json) : null;

    private static async Task<MonthlyReport> ReportAsync(PeriodsBench bench, int home) =>
        MonthlyReport.FromJson((await bench.Get<IResults>().FindAsync(MonthlyReport.Key(PeriodsBench.Home(home), March), null, Stop))!.Json);
}
