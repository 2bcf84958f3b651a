using System.Diagnostics.Metrics;
using CsCheck;
using Grid.Domain;
using Grid.Jobs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Readings grow old and go; days do not change by that (METHOD.md rule 1.14).</summary>
public class RetentionTests
{
    private const int MaxAgeDays = 45;
    private static readonly LocalDate First = new(2026, 3, 2);
    private static readonly LocalDate Today = First.PlusDays(150);
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);
    private static readonly KeepRule Keep = new(SettingDays: 1, TimeSpan.FromDays(MaxAgeDays));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_readings_go_once_a_day_and_days_stay()
    {
        await using var bench = await FilledAsync();
        var days = await DaysAsync(bench);

        await RetainAsync(bench, Today);
        await RetainAsync(bench, Today);

        var first = Today.PlusDays(-Keep.Days);
        (await OldestAsync(bench)).Should().Be(Paris.StartOf(first));
        var run = (await bench.Get<IJobRuns>().RecentAsync(10, Stop)).Should().ContainSingle().Subject;
        (run.Job, run.Period, run.State, run.Outcome).Should().Be(("retention", "2026-07-30", RunState.Committed, "readings before 2026-05-01 deleted"));
        await bench.AggregateAsync();
        (await DaysAsync(bench)).Should().Equal(days);
    }

    [Fact]
    public async Task A_day_that_waits_to_be_computed_keeps_what_it_leans_on()
    {
        await using var bench = await FilledAsync();
        var marked = First.PlusDays(60);
        await bench.Get<ILedger>().RecordAsync(new([], [], new Dictionary<GatewayEpoch, SequenceSet>(), [(SettlingBench.Meter, marked)]), Stop);

        await RetainAsync(bench, Today);
        (await OldestAsync(bench)).Should().Be(Paris.StartOf(marked.PlusDays(-44)));

        await bench.AggregateAsync();
        await RetainAsync(bench, Today);
        (await OldestAsync(bench)).Should().Be(Paris.StartOf(Today.PlusDays(-Keep.Days)));
    }

    [Fact]
    public async Task A_clock_that_has_run_ahead_deletes_nothing_new()
    {
        await using var bench = await FilledAsync();

        await RetainAsync(bench, Today.PlusDays(3_000));

        (await OldestAsync(bench)).Should().Be(Paris.StartOf(Today.PlusDays(-Keep.Days)));
    }

    [Fact]
    public async Task A_day_whose_readings_are_gone_stays_as_it_was_whatever_marks_it()
    {
        await using var bench = await FilledAsync();
        await RetainAsync(bench, Today);
        var days = await DaysAsync(bench);
        var old = Paris.StartOf(First.PlusDays(40));

        // Replayed from quarantine: around them a week is known again, as a straight line.
        await bench.Settler().SettleAsync([bench.Group(At(old), At(old + Duration.FromDays(5)))], Stop);
        await bench.AggregateAsync();

        (await DaysAsync(bench)).Should().Equal(days);
        (await bench.Days.CountTouchedAsync(Stop)).Should().Be(0);
    }

    [Fact]
    public async Task An_old_day_that_nobody_knew_is_computed_from_what_is_replayed()
    {
        await using var bench = await SettlingBench.StartAsync();
        var silent = First.PlusDays(40);
        await SettleAsync(bench, Recorded().Where(r => r.At <= Paris.StartOf(silent) || r.At >= Paris.StartOf(silent.PlusDays(10))));
        await bench.AggregateAsync();
        await RetainAsync(bench, Today);
        (await bench.WhAsync("h-1", silent.PlusDays(2))).Should().Be(0);

        await SettleAsync(bench, Recorded().Where(r => Paris.DayOf(r.At) == silent.PlusDays(2)).Append(At(Paris.StartOf(silent.PlusDays(3)))));
        await RetainAsync(bench, Today);
        await bench.AggregateAsync();

        (await bench.WhAsync("h-1", silent.PlusDays(2))).Should().Be(48 * 100);
    }

    [Fact]
    public async Task Days_without_readings_are_no_alarm()
    {
        await using var bench = await FilledAsync();
        await RetainAsync(bench, Today);
        var old = First.PlusDays(40);
        await bench.Settler().SettleAsync([bench.Group(At(Paris.StartOf(old.PlusDays(-1))), At(Paris.StartOf(old.PlusDays(3))))], Stop);
        await bench.AggregateAsync();
        var day = (await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), old, old.PlusDays(1), Stop)).Single();
        await bench.Days.ReplaceAsync([new(day.Household, old, day.Slots.SetItem(3, day.Slots[3] with { ImportWh = 99 }))], [], Stop);

        Invariants invariants = new(
            bench.Curves(), bench.Days, bench.Kept, bench.Get<CurrentRegistry>(), TimeProvider.System, NullLogger<Invariants>.Instance);
        while (await invariants.RunOnceAsync(Stop) > 0) await Task.Yield();

        (await bench.Days.ViolationsAsync(10, Stop)).Should().BeEmpty();
    }

    [Fact]
    public async Task Readings_that_come_as_late_as_they_may_end_in_the_days_that_they_would_without_retention() => await Gen.Int[1, 1_000_000].SampleAsync(
        async seed =>
        {
            await using var forgetful = await SettlingBench.StartAsync();
            await using var whole = await SettlingBench.StartAsync();
            for (var (day, batches) = (First, Late(seed)); day <= Today; day = day.PlusDays(1))
            {
                foreach (var bench in (SettlingBench[])[forgetful, whole])
                {
                    await SettleAsync(bench, batches[day]);
                    await bench.AggregateAsync();
                }

                await RetainAsync(forgetful, day);
            }

            (await OldestAsync(forgetful)).Should().BeGreaterThan(await OldestAsync(whole));
            (await DaysAsync(forgetful)).Should().Equal(await DaysAsync(whole));
        },
        iter: 2, threads: 1);

    [Theory]
    [InlineData(90, 45, 90)]
    [InlineData(30, 45, 90)]
    [InlineData(400, 45, 400)]
    [InlineData(90, 4_000, 4_045)]
    public void Readings_are_kept_as_long_as_asked_for_or_as_late_ones_may_come(int setting, int maxAge, int kept) =>
        new KeepRule(setting, TimeSpan.FromDays(maxAge)).Days.Should().Be(kept);

    private static async Task<SettlingBench> FilledAsync()
    {
        var bench = await SettlingBench.StartAsync();
        await SettleAsync(bench, Recorded());
        await bench.AggregateAsync();
        return bench;
    }

    private static async Task RetainAsync(SettlingBench bench, LocalDate today)
    {
        FakeTimeProvider clock = new((Paris.StartOf(today) + Duration.FromHours(12)).ToDateTimeOffset());
        var registry = bench.Get<CurrentRegistry>();
        Retention retention = new(
            bench.Store, bench.Days, bench.Kept, new(bench.Days, bench.Get<ITemperatures>(), registry, clock), registry, Keep, NullLogger<Retention>.Instance);
        await new PeriodRunner(bench.Get<IJobRuns>(), new(bench.Get<IMeterFactory>()), clock, NullLogger<PeriodRunner>.Instance).RunAsync(retention, Stop);
    }

    private static async Task SettleAsync(SettlingBench bench, IEnumerable<Reading> readings)
    {
        var settler = bench.Settler();
        foreach (var part in readings.Chunk(2_000)) await settler.SettleAsync([bench.Group(part)], Stop);
    }

    private static async Task<Instant> OldestAsync(SettlingBench bench) =>
        (await bench.Store.ReadAroundAsync(SettlingBench.Meter, Instant.FromUtc(2020, 1, 1, 0, 0), Instant.FromUtc(2030, 1, 1, 0, 0), Stop))[0].At;

    private static async Task<List<(LocalDate, SlotEnergy)>> DaysAsync(SettlingBench bench) =>
        [.. (await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), First, Today.PlusDays(2), Stop)).SelectMany(d => d.Slots.Select(s => (d.Day, s)))];

    /// <summary>100 Wh a half-hour.</summary>
    private static Reading At(Instant at) => SettlingBench.Reading(at, (long)((at - Paris.StartOf(First)).TotalMinutes / 30 * 100) + 1_000);

    private static IEnumerable<Reading> Recorded()
    {
        for (var at = Paris.StartOf(First); at <= Paris.StartOf(Today) + Duration.FromHours(12); at += LocalCalendar.SlotLength) yield return At(at);
    }

    /// <summary>A home with a rhythm; some spans come late, some never. By the day on which they come.</summary>
    private static ILookup<LocalDate, Reading> Late(int seed)
    {
        Random random = new(seed);
        var days = Period.DaysBetween(First, Today);
        var late = Enumerable.Range(0, 12).Select(i => (From: random.Next(days * 48), Length: random.Next(4, 9 * 48), Days: i % 3 == 0 ? int.MaxValue : random.Next(1, MaxAgeDays))).ToList();
        List<(LocalDate Comes, Reading Reading)> readings = [];
        long register = 1_000;
        foreach (var (i, read) in Recorded().Index())
        {
            var taken = Paris.DayOf(read.At);
            var delays = late.Where(l => l.From <= i && i < l.From + l.Length).Select(l => l.Days).ToList();
            if (!delays.Contains(int.MaxValue)) readings.Add((taken.PlusDays(delays.DefaultIfEmpty(0).Max()), SettlingBench.Reading(read.At, register)));
            register += random.Next(20, 200) + (i % 48 is > 36 and < 44 ? 400 : 0);
        }

        return readings.ToLookup(r => r.Comes, r => r.Reading);
    }
}
