using Grid.Analytics;
using Grid.Domain;
using Grid.Storage;
using Grid.Jobs;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Baselines, savings, cohorts and reports from household-days: committed once, the same bytes whatever happens, corrected as the next version.</summary>
public class PeriodsTests
{
    private static readonly YearMonth March = new(2026, 3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Homes_that_use_a_quarter_less_are_told_so_with_a_band_and_the_others_that_nothing_changed()
    {
        await using var bench = await FilledAsync();

        var saved = await SavingsAsync(bench, 2);
        saved.SinceStart.Verdict.Should().Be(Verdict.Saved);
        saved.SinceStart.SavedKwh.Should().BeApproximately((saved.SinceStart.SavedKwh + saved.SinceStart.UsedKwh) / 4, saved.SinceStart.BandKwh!.Value);
        saved.SinceStart.Days.Should().Be(31 + 28 + 31 - 1, "the first day is the change itself");
        (saved.BaselineFirst, saved.BaselineLast).Should().Be(("2025-01-01", "2025-12-31"));
        (await SavingsAsync(bench, 3)).SinceStart.Verdict.Should().Be(Verdict.NoDetectableChange);
        var report = MonthlyReport.FromJson((await bench.Get<IResults>().FindAsync(MonthlyReport.Key(PeriodsBench.Home(2), March), null, Stop))!.Json);
        report.Savings.Should().BeEquivalentTo(saved);
        report.Neighbours.MeanWhPerDay.Should().NotBeNull();
    }

    [Fact]
    public async Task A_month_is_priced_by_its_contracts_and_again_only_when_what_was_valid_in_it_changes()
    {
        await using var bench = await FilledAsync();
        var prices = bench.Get<IPrices>();
        Tariff tariff = new("base", new(2025, 1, 1), TariffOption.Base, 6, 15.65m, new Dictionary<PricePeriod, decimal> { [PricePeriod.All] = 0.2m }, null, 0.2m, 0.2m);
        (await CostsAsync(bench, 2)).Bill.Should().BeNull("nothing is priced yet");
        await prices.StoreAsync([tariff], Stop);
        await prices.StoreAsync([new Contract(PeriodsBench.Home(2), PeriodsBench.First, "base", OffPeakHours.Night)], Stop);
        (await bench.RunAsync(Stop)).Should().BePositive();

        var costs = await CostsAsync(bench, 2);
        var saved = await SavingsAsync(bench, 2);
        costs.Bill!.EnergyEur.Should().Be(decimal.Round(0.2m * (await ReportAsync(bench, 2)).Energy.ImportWh!.Value / 1000, 2));
        costs.Bill.TotalEur.Should().Be(costs.Bill.EnergyEur + 15.65m);
        costs.OfMonth!.Eur.Should().BeApproximately((decimal)saved.OfMonth.SavedKwh * 0.2m, 0.01m);
        costs.SinceStart!.Eur.Should().BeApproximately((decimal)saved.SinceStart.SavedKwh * 0.2m, 0.03m, "it is the sum of three months' cents");
        costs.SinceStart.EurBand.Should().BeApproximately((decimal)saved.SinceStart.BandKwh!.Value * 0.2m, 0.02m);
        costs.SinceStart.Kg.Should().BeApproximately(saved.SinceStart.SavedKwh * 0.0217, 1e-6);
        costs.Action!.Kind.Should().Be(ActionKind.Heating);
        (await ReportAsync(bench, 2)).Costs.Should().BeEquivalentTo(costs);

        Task<int> PricedAsync(YearMonth month) => CountAsync(bench, r => r.Job == "costs" && r.Period == MonthlyReport.Name(month));
        var (february, march) = (await PricedAsync(March.PlusMonths(-1)), await PricedAsync(March));
        await prices.StoreAsync([tariff with { From = new(2026, 4, 1), SubscriptionPerMonth = 99 }], Stop);
        await bench.RunAsync(Stop);
        (await PricedAsync(March)).Should().Be(march, "what comes into force later changes no month that is over");

        await prices.StoreAsync(new Dictionary<LocalDate, TempoColour> { [new(2026, 2, 28)] = TempoColour.Red }, Stop);
        await bench.RunAsync(Stop);
        (await PricedAsync(March)).Should().Be(march + 1, "the colour holds until six of the first of March");
        (await PricedAsync(March.PlusMonths(-1))).Should().Be(february + 1);

        await bench.Get<ICarbonIntensities>().StoreAsync(CarbonKind.LifeCycle, [new(Instant.FromUtc(2026, 3, 10, 12, 0), 60)], Stop);
        await bench.RunAsync(Stop);
        (await PricedAsync(March.PlusMonths(-1))).Should().Be(february + 2, "figures of another kind are not added to what was reckoned before");
        (await CostsAsync(bench, 2)).SinceStart!.Kg.Should().BeNull("of life-cycle emissions there is no figure of the year");
    }

    [Fact]
    public async Task What_all_homes_saved_together_is_their_sum_with_a_band_that_is_narrower_than_theirs()
    {
        await using var bench = await FilledAsync();

        var sum = await SumAsync(bench, March);
        List<HomeSavings> homes = [];
        for (var i = 0; i < PeriodsBench.Homes; i++) homes.Add(await SavingsAsync(bench, i));
        (sum.Hidden, sum.Verdict, sum.Homes).Should().Be((null, Verdict.Saved, PeriodsBench.Homes));
        sum.SavedKwh.Should().BeApproximately(homes.Sum(h => h.OfMonth.SavedKwh), 1e-6);
        sum.BandKwh.Should().BeApproximately(Math.Sqrt(homes.Sum(h => Math.Pow(h.OfMonth.BandKwh!.Value, 2))), 1e-6);
        (await SumAsync(bench, new(2026, 1))).Hidden.Should().Be(Suppression.TooFewHomes, "the change lies in it");
    }

    [Fact]
    public async Task A_second_turn_finds_nothing_to_do_and_a_corrected_day_makes_the_next_version_of_what_it_touches()
    {
        await using var bench = await FilledAsync();
        var before = await bench.EverythingAsync();
        var runs = (await bench.Get<IJobRuns>().RecentAsync(1_000, Stop)).Count;

        (await bench.RunAsync(Stop)).Should().Be(0);
        (await bench.Get<IJobRuns>().RecentAsync(1_000, Stop)).Should().HaveCount(runs);

        await bench.Get<IHouseholdDays>().ReplaceAsync([PeriodsBench.Day(3, new(2026, 3, 10), factor: 2)], [], Stop);
        (await bench.RunAsync(Stop)).Should().BePositive();

        var corrected = await bench.Get<IResults>().FindAsync(MonthlyReport.Key(PeriodsBench.Home(3), March), null, Stop);
        corrected!.Version.Should().Be(2);
        corrected.Changes.Should().Contain("\"path\":\"energy.importWh\"");
        (await bench.EverythingAsync()).Should().Contain(before, "what was told stays as it was told");
        (await bench.Get<IResults>().FindAsync(MonthlyReport.Key(PeriodsBench.Home(3), March.PlusMonths(-1)), null, Stop))!.Version.Should().Be(1);
        (await bench.RunAsync(Stop)).Should().Be(0);
    }

    [Fact]
    public async Task Meters_that_were_taken_for_one_another_change_what_is_computed_although_no_day_tells()
    {
        await using var bench = await FilledAsync();
        var months = bench.Get<Months>();
        var (before, snapshot) = (await months.FingerprintAsync(March, Stop), bench.Get<CurrentRegistry>().Snapshot);
        var days = await bench.Get<IHouseholdDays>().FingerprintAsync(new(2026, 3, 1), new(2026, 4, 1), Stop);
        var (one, other) = (snapshot.MainMetersOf(PeriodsBench.Home(0)).Single(), snapshot.MainMetersOf(PeriodsBench.Home(1)).Single());

        (await bench.Get<RegistryEditor>().ApplyAsync(
            new(snapshot.Neighbourhood, snapshot.TimeZone, [], [one with { Household = other.Household }, other with { Household = one.Household }]), Stop)).Should().BeEmpty();
        await bench.RefreshAsync();
        for (var i = 0; i < 2; i++)
            await bench.Get<IHouseholdDays>().ReplaceAsync([.. new YearMonth(2026, 3).ToDateInterval().Select(day => PeriodsBench.Day(i, day))], [], Stop);

        (await bench.Get<IHouseholdDays>().FingerprintAsync(new(2026, 3, 1), new(2026, 4, 1), Stop)).Should().Be(days, "they were all deleted, and come again as new");
        (await months.FingerprintAsync(March, Stop)).Should().NotBe(before);
    }

    [Fact]
    public async Task Killed_at_any_point_and_started_again_it_ends_in_the_same_bytes()
    {
        await using var whole = await FilledAsync();
        var expected = await whole.EverythingAsync();
        var steps = 0;
        for (var kill = 1; ; kill += 7)
        {
            DyingRuns? dying = null;
            await using var bench = await PeriodsBench.StartAsync(runs: inner => dying = new(inner, kill));
            await bench.FillAsync();
            var died = false;
            try
            {
                await bench.RunAsync(Stop);
            }
            catch (OperationCanceledException)
            {
                died = true;
            }

            dying!.LiveOn();
            await bench.RunAsync(Stop);
            (await bench.EverythingAsync()).Should().Equal(expected, "killed at step {0}", kill);
            steps = kill;
            if (!died) break;
        }

        steps.Should().BeGreaterThan(20, "every begin and commit is a step");
    }

    private static async Task<int> CountAsync(PeriodsBench bench, Func<JobRun, bool> which) => (await bench.Get<IJobRuns>().RecentAsync(10_000, Stop)).Count(which);

    private static async Task<HomeCosts> CostsAsync(PeriodsBench bench, int home) =>
        HomeCosts.FromJson((await bench.Get<IResults>().FindAsync(HomeCosts.Key(PeriodsBench.Home(home), March), null, Stop))!.Json);

    private static async Task<MonthlyReport> ReportAsync(PeriodsBench bench, int home) =>
        MonthlyReport.FromJson((await bench.Get<IResults>().FindAsync(MonthlyReport.Key(PeriodsBench.Home(home), March), null, Stop))!.Json);

    private static async Task<PeriodsBench> FilledAsync()
    {
        var bench = await PeriodsBench.StartAsync();
        await bench.FillAsync();
        await bench.RunAsync(Stop);
        return bench;
    }

    private static async Task<HomeSavings> SavingsAsync(PeriodsBench bench, int home) =>
        HomeSavings.FromJson((await bench.Get<IResults>().FindAsync(HomeSavings.Key(PeriodsBench.Home(home), March), null, Stop))!.Json);

    private static async Task<NeighbourhoodSavings> SumAsync(PeriodsBench bench, YearMonth month) =>
        NeighbourhoodSavings.FromJson((await bench.Get<IResults>().FindAsync(NeighbourhoodSavings.Key(month), null, Stop))!.Json);

    /// <summary>Dies before the commit or after it, as its process would.</summary>
    private sealed class DyingRuns(IJobRuns inner, int atStep) : IJobRuns
    {
        private int _step;
        private bool _lives;

        public void LiveOn() => _lives = true;

        public Task<IReadOnlyDictionary<string, string>> CommittedInputsAsync(string job, CancellationToken ct) => inner.CommittedInputsAsync(job, ct);

        public Task<string?> GreatestInputsAsync(string job, CancellationToken ct) => inner.GreatestInputsAsync(job, ct);

        public async Task<JobRun> BeginAsync(string job, string period, string inputs, CancellationToken ct)
        {
            var run = await inner.BeginAsync(job, period, inputs, ct);
            Step();
            return run;
        }

        public Task ProgressAsync(JobRun run, int done, int total, CancellationToken ct) => inner.ProgressAsync(run, done, total, ct);

        public async Task<int?> CommitAsync(JobRun run, IReadOnlyList<ResultDraft> results, IReadOnlyList<ShownGroup> shown, CancellationToken ct)
        {
            Step();
            var stored = await inner.CommitAsync(run, results, shown, ct);
            Step();
            return stored;
        }

        public Task FailAsync(JobRun run, string why, CancellationToken ct) => _lives ? inner.FailAsync(run, why, ct) : Task.CompletedTask; // the dead write nothing

        public Task<IReadOnlyList<JobRun>> RecentAsync(int limit, CancellationToken ct) => inner.RecentAsync(limit, ct);

        private void Step()
        {
            if (++_step >= atStep && !_lives) throw new OperationCanceledException();
        }
    }
}
