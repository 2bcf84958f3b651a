using Grid.Domain;
using Grid.Jobs;
using Grid.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>A feeder that is not the sum of what hangs behind it is noticed, and so is its mending.</summary>
public class FeederInvariantsTests
{
    private static readonly LocalDate Day = new(2026, 11, 20);
    private static readonly Instant Since = Instant.FromUtc(2020, 1, 1, 0, 0);
    private static readonly MeterName Feeder = MeterName.Parse("f-1");
    private static readonly MeterName Lamp = MeterName.Parse("l-1");
    private static readonly MeterName Panels = MeterName.Parse("pv-9");

    private readonly FakeTimeProvider _clock = new(SettlingBench.Now.ToDateTimeOffset());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feeder_that_lacks_a_meter_is_raised_until_the_registry_has_it()
    {
        await using var bench = await SettlingBench.StartAsync(Meters(panelsBehind: false));
        await SettleAsync(bench, feederWh: 4_800 + 960 - 2_000 + 100);
        var invariants = Checks(bench);

        await invariants.RunOnceAsync(Stop);
        var found = (await bench.Get<IFeederDays>().ViolationsAsync(Stop)).Should().ContainSingle().Subject;
        (found.Feeder, found.Day, found.FeederWh, found.BehindWh).Should().Be((Feeder, Day, 3_860L, 5_760L));
        _clock.Advance(TimeSpan.FromHours(1));
        await invariants.RunOnceAsync(Stop);
        (await bench.Get<IFeederDays>().ViolationsAsync(Stop)).Should().Equal(found); // noticed then, not now

        await bench.ImportAsync(Meters(panelsBehind: true));
        await invariants.RunOnceAsync(Stop);
        (await bench.Get<IFeederDays>().ViolationsAsync(Stop)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_broken_day_whose_readings_are_deleted_is_broken_no_more()
    {
        await using var bench = await SettlingBench.StartAsync(Meters(panelsBehind: false));
        await SettleAsync(bench, feederWh: 3_860);
        var invariants = Checks(bench);
        await invariants.RunOnceAsync(Stop);
        (await bench.Get<IFeederDays>().ViolationsAsync(Stop)).Should().ContainSingle();

        await bench.Get<IJobRuns>().BeginAsync(Retention.Name, "2026-11-21", "2026-11-21", Stop);
        await invariants.RunOnceAsync(Stop);

        (await bench.Get<IFeederDays>().ViolationsAsync(Stop)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_broken_day_of_which_a_person_rejects_a_meter_is_broken_no_more()
    {
        await using var bench = await SettlingBench.StartAsync(Meters(panelsBehind: false));
        await SettleAsync(bench, feederWh: 3_860);
        await Checks(bench).RunOnceAsync(Stop);
        (await bench.Get<IFeederDays>().ViolationsAsync(Stop)).Should().ContainSingle();
        var paris = LocalCalendar.For(LocalCalendar.DefaultZone);

        await bench.Get<ICorrections>().AddAsync(new(Feeder, paris.Whole(Day), ImportWh: null), SlotEnergy.Unknown, new("anna", "wired wrongly", SettlingBench.Now), paris, Stop);
        await bench.AggregateAsync();
        await Checks(bench).RunOnceAsync(Stop);

        (await bench.Get<IFeederDays>().ViolationsAsync(Stop)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_day_that_is_marked_or_not_wholly_known_is_left_for_later()
    {
        await using var bench = await SettlingBench.StartAsync(Meters(panelsBehind: false));
        await bench.Settler().SettleAsync([bench.Group(SettlingBench.WholeDay(Day)), bench.Group(Ends(Feeder, 50_000))], Stop);
        (await Checks(bench).RunOnceAsync(Stop)).Should().Be(0, "the day is marked");

        await bench.AggregateAsync();
        (await Checks(bench).RunOnceAsync(Stop)).Should().Be(0, "nobody knows what the lamp used");
        (await bench.Get<IFeederDays>().ViolationsAsync(Stop)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_registry_whose_feeder_is_not_there_or_is_none_is_refused()
    {
        await using var bench = await SettlingBench.StartAsync(Meters(panelsBehind: true));
        var home = SettlingBench.Install("h-1", Since);

        (await ApplyAsync(bench, home with { Feeder = MeterName.Parse("f-2") })).Should().ContainSingle().Which.Should().Contain("m-1 hangs behind f-2, which is no meter of the registry");
        (await ApplyAsync(bench, home with { Feeder = Lamp })).Should().ContainSingle().Which.Should().Contain("m-1 hangs behind l-1, which is no feeder");
        (await ApplyAsync(bench, home with { Feeder = Feeder })).Should().BeEmpty();
        await bench.Get<CurrentRegistry>().RefreshAsync(Stop);
        bench.Get<CurrentRegistry>().Snapshot.InstallsOf(SettlingBench.Meter).Single().Feeder.Should().Be(Feeder);
    }

    private static Task<IReadOnlyList<string>> ApplyAsync(SettlingBench bench, MeterInstall meter) =>
        bench.Get<RegistryEditor>().ApplyAsync(new("n", LocalCalendar.DefaultZone, [], [meter]), Stop);

    private static MeterInstall[] Meters(bool panelsBehind) =>
    [
        SettlingBench.Install("h-1", Since) with { Feeder = Feeder },
        new(Feeder, MeterKind.Feeder, SettlingBench.Gateway, null, Since, null),
        new(Lamp, MeterKind.StreetLighting, SettlingBench.Gateway, null, Since, null, Feeder: Feeder),
        new(Panels, MeterKind.Pv, SettlingBench.Gateway, HouseholdId.Parse("h-2"), Since, null, Feeder: panelsBehind ? Feeder : null),
    ];

    private static async Task SettleAsync(SettlingBench bench, long feederWh)
    {
        await bench.Settler().SettleAsync(
            [bench.Group(SettlingBench.WholeDay(Day)), bench.Group(Ends(Feeder, feederWh)), bench.Group(Ends(Lamp, 960)), bench.Group(Ends(Panels, 0, 2_000))], Stop);
        await bench.AggregateAsync();
    }

    private static Reading[] Ends(MeterName meter, long importWh, long exportWh = 0)
    {
        var day = LocalCalendar.For(LocalCalendar.DefaultZone).Whole(Day);
        return [new(meter, day.Start, new(1_000, 1_000)), new(meter, day.End, new(1_000 + importWh, 1_000 + exportWh))];
    }

    private FeederInvariants Checks(SettlingBench bench) => new(
        bench.Curves(), bench.Days, bench.Get<IFeederDays>(), bench.Kept, bench.Get<CurrentRegistry>(), new(), _clock, NullLogger<FeederInvariants>.Instance);
}
