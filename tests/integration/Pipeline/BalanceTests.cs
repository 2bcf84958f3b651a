using Grid.Domain;
using Grid.Storage;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>A home's panels and battery beside its main meter (METHOD.md rule 1.10), from readings to the stored day.</summary>
public class BalanceTests
{
    private static readonly LocalDate Day = new(2026, 11, 20);
    private static readonly Slot Whole = LocalCalendar.For(LocalCalendar.DefaultZone).Whole(Day);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Panels_that_report_late_complete_the_days_balance_and_a_home_without_any_has_none()
    {
        await using var bench = await SettlingBench.StartAsync(Install("m-1", MeterKind.Main, "h-1"), Install("pv-1", MeterKind.Pv, "h-1"), Install("sub-1", MeterKind.SubMeter, "h-1"), Install("m-2", MeterKind.Main, "h-2"));
        await bench.Settler().SettleAsync([bench.Group([.. Steady("m-1", importWh: 100, exportWh: 30), .. Steady("m-2", importWh: 50, exportWh: 0)])], Stop);
        await bench.AggregateAsync();
        (await DayAsync(bench, "h-1")).Balance.Should().BeNull("its panels have told nothing yet");

        await bench.Settler().SettleAsync([bench.Group(Steady("pv-1", importWh: 0, exportWh: 80))], Stop);
        await bench.AggregateAsync();

        var day = await DayAsync(bench, "h-1");
        day.Balance.Should().Be(new HomeBalance(48 * 100, 48 * 30, 48 * 80, 0, 0, 0));
        (day.ImportWh, day.Balance!.UsedWh).Should().Be((48 * 100, 48 * 150));
        (await DayAsync(bench, "h-2")).Balance.Should().BeNull();
    }

    [Fact]
    public async Task A_battery_that_hangs_for_half_a_day_counts_for_that_half()
    {
        var noon = Whole.Start + Duration.FromHours(12);
        await using var bench = await SettlingBench.StartAsync(Install("m-1", MeterKind.Main, "h-1"), Install("bat-1", MeterKind.Battery, "h-1") with { From = noon });
        await bench.Settler().SettleAsync([bench.Group([.. Steady("m-1", importWh: 100, exportWh: 0), .. Steady("bat-1", importWh: 40, exportWh: 10).Where(r => r.At >= noon)])], Stop);

        await bench.AggregateAsync();

        (await DayAsync(bench, "h-1")).Balance.Should().Be(new HomeBalance(48 * 100, 0, 0, 24 * 40, 24 * 10, 0));
    }

    [Fact]
    public async Task Panels_on_a_connection_of_their_own_are_in_no_homes_balance()
    {
        var feeder = MeterName.Parse("f-1");
        await using var bench = await SettlingBench.StartAsync(
            Install("m-1", MeterKind.Main, "h-1"), Install("pv-1", MeterKind.Pv, "h-1") with { Feeder = feeder }, Install("f-1", MeterKind.Feeder, "h-1") with { Household = null });
        await bench.Settler().SettleAsync([bench.Group([.. Steady("m-1", importWh: 100, exportWh: 0), .. Steady("pv-1", importWh: 0, exportWh: 80)])], Stop);

        await bench.AggregateAsync();

        (await DayAsync(bench, "h-1")).Balance.Should().BeNull();
        await bench.ImportAsync(Install("m-1", MeterKind.Main, "h-1"), Install("pv-1", MeterKind.Pv, "h-1"));
        await bench.AggregateAsync();
        (await DayAsync(bench, "h-1")).Balance!.MadeWh.Should().Be(48 * 80, "the registry says now that they hang behind its main meter");
    }

    [Fact]
    public async Task Panels_without_a_main_meter_make_no_days()
    {
        await using var bench = await SettlingBench.StartAsync(Install("pv-1", MeterKind.Pv, "h-1"));
        await bench.Settler().SettleAsync([bench.Group(Steady("pv-1", importWh: 0, exportWh: 80))], Stop);

        await bench.AggregateAsync();

        (await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), Day, Day.PlusDays(1), Stop)).Should().BeEmpty();
        (await bench.Days.CountTouchedAsync(Stop)).Should().Be(0);
    }

    [Fact]
    public async Task What_the_registry_has_marked_waits_until_this_process_has_read_that_registry()
    {
        await using var bench = await SettlingBench.StartAsync(Install("m-1", MeterKind.Main, "h-1"));
        await bench.Settler().SettleAsync([bench.Group(Steady("m-1", importWh: 100, exportWh: 0))], Stop);
        await bench.AggregateAsync();

        (await bench.Get<RegistryEditor>().ApplyAsync(new("n", LocalCalendar.DefaultZone, [], [Install("m-1", MeterKind.Main, "h-2")]), Stop)).Should().BeEmpty();
        await bench.AggregateAsync();
        (await bench.Days.CountTouchedAsync(Stop)).Should().BePositive("with the old registry the day would be the old home's again, for good");

        await bench.Get<CurrentRegistry>().RefreshAsync(Stop);
        await bench.AggregateAsync();
        (await DayAsync(bench, "h-2")).ImportWh.Should().Be(4_800);
        (await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), Day, Day.PlusDays(1), Stop)).Should().BeEmpty();
    }

    private static MeterInstall Install(string meter, MeterKind kind, string household) =>
        new(MeterName.Parse(meter), kind, SettlingBench.Gateway, HouseholdId.Parse(household), Instant.FromUtc(2020, 1, 1, 0, 0), null);

    private static Reading[] Steady(string meter, long importWh, long exportWh) =>
        [.. Enumerable.Range(0, 49).Select(i => new Reading(MeterName.Parse(meter), Whole.Start + Duration.FromMinutes(30 * i), new(importWh * i, exportWh * i)))];

    private static async Task<HouseholdDay> DayAsync(SettlingBench bench, string household) => (await bench.Days.ReadAsync(HouseholdId.Parse(household), Day, Day.PlusDays(1), Stop)).Single();
}
