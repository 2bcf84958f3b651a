using CsCheck;
using Grid.Domain;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>In whatever order readings arrive, and whenever days are computed in between, the end is the same (METHOD.md rule 1.7 included).</summary>
public class LateDataTests
{
    private static readonly LocalDate First = new(2026, 10, 12);
    private const int Days = 40; // with the autumn change in it
    private const int HalfHours = Days * 48;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_interleaving_of_late_readings_and_recomputation_ends_where_the_right_order_does() =>
        await Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[1, 6], Gen.Int[2, 8]).SampleAsync(
            async (seed, gaps, batches) =>
            {
                var readings = Recorded(seed, gaps);
                await using var inOrder = await SettlingBench.StartAsync();
                await SettleAsync(inOrder, readings);
                await inOrder.AggregateAsync();

                await using var disorderly = await SettlingBench.StartAsync();
                Random random = new(seed);
                random.Shuffle(readings);
                foreach (var batch in readings.Chunk((readings.Length / batches) + 1))
                {
                    await SettleAsync(disorderly, batch);
                    if (random.Next(3) > 0) await disorderly.AggregateAsync();
                }

                await disorderly.AggregateAsync();
                (await SlotsAsync(disorderly)).Should().Equal(await SlotsAsync(inOrder));
            },
            iter: 12, threads: 1);

    [Fact]
    public async Task A_day_that_was_filled_changes_when_the_day_that_filled_it_does()
    {
        await using var bench = await SettlingBench.StartAsync();
        var silent = First.PlusDays(20);
        var readings = Recorded(seed: 1, gaps: 0);
        var paris = LocalCalendar.For(LocalCalendar.DefaultZone);
        bool Within(Reading r, LocalDate day) => paris.StartOf(day) < r.At && r.At < paris.StartOf(day.PlusDays(1));
        var later = readings.Where(r => Within(r, silent.PlusDays(-7))).ToArray();
        await SettleAsync(bench, [.. readings.Where(r => !Within(r, silent) && !Within(r, silent.PlusDays(-7)))]);
        await bench.AggregateAsync();
        var before = await DayAsync(bench, silent);

        await SettleAsync(bench, later);
        await bench.AggregateAsync();

        var after = await DayAsync(bench, silent);
        after.ImportWh.Should().Be(before.ImportWh);
        after.Slots.Should().OnlyContain(s => s.Quality == Quality.SimilarDay).And.NotEqual(before.Slots);
    }

    private static async Task SettleAsync(SettlingBench bench, Reading[] readings)
    {
        var settler = bench.Settler();
        foreach (var part in readings.Chunk(500)) await settler.SettleAsync([bench.Group(part)], Stop);
    }

    private static async Task<HouseholdDay> DayAsync(SettlingBench bench, LocalDate day) =>
        (await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), day, day.PlusDays(1), Stop)).Single();

    private static async Task<List<(LocalDate, SlotEnergy)>> SlotsAsync(SettlingBench bench) =>
    [
        .. (await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), First.PlusDays(-1), First.PlusDays(Days + 2), Stop)).SelectMany(d => d.Slots.Select(s => (d.Day, s))),
    ];

    /// <summary>Half-hours of a home with a rhythm, without some spans of two hours to eight days.</summary>
    private static Reading[] Recorded(int seed, int gaps)
    {
        Random random = new(seed);
        var start = LocalCalendar.For(LocalCalendar.DefaultZone).StartOf(First);
        var silent = Enumerable.Range(0, gaps).Select(_ => (From: random.Next(HalfHours), Length: random.Next(4, 8 * 48))).ToList();
        List<Reading> readings = [];
        long register = 1_000;
        for (var i = 0; i <= HalfHours; i++)
        {
            if (!silent.Exists(s => s.From <= i && i < s.From + s.Length)) readings.Add(SettlingBench.Reading(start + (i * LocalCalendar.SlotLength), register));
            register += random.Next(20, 200) + (i % 48 is > 36 and < 44 ? 400 : 0);
        }

        return [.. readings];
    }
}
