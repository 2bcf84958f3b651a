using Grid.Domain;
using Grid.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Slots that do not add up to their registers are noticed, and so is their mending.</summary>
public class InvariantsTests
{
    private static readonly LocalDate Day = new(2026, 11, 20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_that_was_spoilt_is_raised_until_it_is_computed_again()
    {
        await using var bench = await SettlingBench.StartAsync();
        await bench.Settler().SettleAsync([bench.Group(SettlingBench.WholeDay(Day))], Stop);
        await bench.AggregateAsync();
        var invariants = Checks(bench);
        await RunAsync(invariants);
        (await bench.Days.ViolationsAsync(10, Stop)).Should().BeEmpty();

        var day = (await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), Day, Day.PlusDays(1), Stop)).Single();
        await bench.Days.ReplaceAsync([new(day.Household, day.Day, day.Slots.SetItem(3, day.Slots[3] with { ImportWh = 99 }))], [], Stop);
        await RunAsync(invariants);
        (await bench.Days.ViolationsAsync(10, Stop)).Should().ContainSingle().Which.Should().Match<Violation>(v => v.RegisterWh == 4_800 && v.SlotsWh == 4_799 && v.Day == Day);

        await bench.Days.ReplaceAsync([day], [], Stop);
        await RunAsync(invariants);
        (await bench.Days.ViolationsAsync(10, Stop)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_day_that_was_spoilt_while_others_wait_on_its_date_is_asked_again_and_not_passed_over()
    {
        await using var bench = await SettlingBench.StartAsync();
        await bench.Settler().SettleAsync([bench.Group(SettlingBench.WholeDay(Day))], Stop);
        await bench.AggregateAsync();
        var day = (await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), Day, Day.PlusDays(1), Stop)).Single();
        await bench.Days.ReplaceAsync([new(day.Household, day.Day, day.Slots.SetItem(3, day.Slots[3] with { ImportWh = 99 }))], [], Stop);
        await bench.Get<ILedger>().RecordAsync(new([], [], new Dictionary<GatewayEpoch, SequenceSet>(), new HashSet<(MeterName, LocalDate)> { (MeterName.Parse("nobodys"), Day) }), Stop);
        await RunAsync(Checks(bench));
        (await bench.Days.ViolationsAsync(10, Stop)).Should().BeEmpty();

        await bench.AggregateAsync(); // takes the mark, and has nothing to compute for it
        await RunAsync(Checks(bench));

        (await bench.Days.ViolationsAsync(10, Stop)).Should().ContainSingle();
    }

    private static Invariants Checks(SettlingBench bench) => new(
        bench.Curves(), bench.Days, bench.Kept, bench.Get<CurrentRegistry>(), TimeProvider.System, NullLogger<Invariants>.Instance);

    private static async Task RunAsync(Invariants invariants)
    {
        while (await invariants.RunOnceAsync(Stop) > 0) await Task.Yield();
    }
}
