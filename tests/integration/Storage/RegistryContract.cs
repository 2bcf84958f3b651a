using System.Collections.Immutable;
using Grid.Domain;
using Grid.Jobs;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.IntegrationTests.Storage;

/// <summary>What the registry must do on every database it is offered on.</summary>
public abstract class RegistryContract
{
    private static readonly GatewayName Gateway = GatewayName.Parse("gw-1");
    private static readonly MeterName Meter = MeterName.Parse("m-1");
    private static readonly HouseholdId Home = HouseholdId.Parse("h-1");
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 24, 12, 0);
    private static readonly LocalDate Day = new(2026, 11, 24);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_imported_is_read_back_and_raises_the_version() => await WithRegistryAsync(async services =>
    {
        var registry = services.GetRequiredService<IRegistry>();
        var before = await registry.VersionAsync(Stop);

        await ImportAsync(services);

        var snapshot = await registry.ReadAsync(Stop);
        snapshot.Version.Should().BeGreaterThan(before);
        snapshot.Households.Should().Equal(Change.Households);
        snapshot.Meters.Should().Equal(Change.Meters);
        snapshot.TimeZone.Should().Be("Europe/Paris");
    });

    [Fact]
    public async Task Importing_again_changes_nothing_and_a_change_is_taken_over() => await WithRegistryAsync(async services =>
    {
        await ImportAsync(services);
        await ImportAsync(services);
        var larger = Change.Households[0] with { AreaM2 = 75 };

        (await services.GetRequiredService<RegistryEditor>().ApplyAsync(Change with { Households = [larger] }, Stop)).Should().BeEmpty();

        (await services.GetRequiredService<IRegistry>().ReadAsync(Stop)).Households.Should().Equal(larger);
    });

    [Fact]
    public async Task A_meter_that_gets_a_greatest_power_keeps_its_days() => await WithRegistryAsync(async services =>
    {
        await ImportAsync(services);
        var days = services.GetRequiredService<IHouseholdDays>();
        await days.ReplaceAsync([DayOf(100)], [], Stop);

        await services.GetRequiredService<RegistryEditor>().ApplyAsync(Change with { Meters = [Change.Meters[0] with { MaxPowerW = 12_000 }] }, Stop);

        (await services.GetRequiredService<IRegistry>().ReadAsync(Stop)).InstallsOf(Meter).Should().ContainSingle().Which.PlausiblePowerW.Should().Be(12_000);
        (await days.CountTouchedAsync(Stop)).Should().Be(0);
    });

    [Fact]
    public async Task A_change_that_does_not_fit_is_refused_whole() => await WithRegistryAsync(async services =>
    {
        await ImportAsync(services);
        var moved = Change with
        {
            Households = [Change.Households[0] with { AreaM2 = 99 }],
            Meters = [Change.Meters[0] with { From = Noon }],
        };

        var faults = await services.GetRequiredService<RegistryEditor>().ApplyAsync(moved, Stop);

        faults.Should().ContainSingle().Which.Should().Contain("m-1").And.Contain("overlaps");
        (await services.GetRequiredService<IRegistry>().ReadAsync(Stop)).Households.Should().Equal(Change.Households);
    });

    [Fact]
    public async Task A_settlement_recorded_twice_is_recorded_once() => await WithRegistryAsync(async services =>
    {
        var ledger = services.GetRequiredService<ILedger>();
        var item = new QuarantinedItem("id-1", Noon, Gateway, "grid/v1/gw-1/readings", Meter, Noon, Reason.Conflict, "why", "hash", [1, 2, 3]);
        var restart = new MeterEvent(MeterEventKind.RegisterRestart, Meter, Noon, 5, 5);
        var settlement = new Settlement(
            [item], [(Gateway, restart)], new Dictionary<GatewayEpoch, SequenceSet> { [new(Gateway, 1)] = SequenceSet.Empty.With(1, 3) }, [(Meter, Day)]);

        await ledger.RecordAsync(settlement, Stop);
        var merged = await ledger.RecordAsync(settlement with { Sequences = new Dictionary<GatewayEpoch, SequenceSet> { [new(Gateway, 1)] = SequenceSet.Empty.With(5) } }, Stop);

        merged[new(Gateway, 1)].ToString().Should().Be("1-3,5");
        (await ledger.SequencesAsync([Gateway], Stop))[new(Gateway, 1)].ToString().Should().Be("1-3,5");
        (await ledger.RegisterBreaksAsync([Meter], Stop))[Meter].Should().Equal(restart);
        var quarantine = services.GetRequiredService<IQuarantine>();
        (await quarantine.ReadAsync(new(Noon, Noon + Duration.FromHours(1), Reason.Conflict), Stop).ToListAsync(Stop)).Should().BeEquivalentTo([item]);
    });

    [Fact]
    public async Task More_meters_and_gateways_than_a_statement_may_have_parameters_are_asked_for_at_once() => await WithRegistryAsync(async services =>
    {
        const int Many = 40_000; // of one batch; SQLite takes 32,766 parameters
        var ledger = services.GetRequiredService<ILedger>();
        var restart = new MeterEvent(MeterEventKind.RegisterRestart, Meter, Noon, 5, 5);
        await ledger.RecordAsync(new([], [(Gateway, restart)], new Dictionary<GatewayEpoch, SequenceSet> { [new(Gateway, 1)] = SequenceSet.Empty.With(1) }, []), Stop);

        (await ledger.RegisterBreaksAsync([.. Enumerable.Range(0, Many).Select(i => MeterName.Parse($"other-{i}")), Meter], Stop)).Keys.Should().Equal(Meter);
        (await ledger.SequencesAsync([.. Enumerable.Range(0, Many).Select(i => GatewayName.Parse($"other-{i}")), Gateway], Stop)).Keys.Should().Equal(new GatewayEpoch(Gateway, 1));
    });

    [Fact]
    public async Task A_correction_holds_until_it_is_undone_and_marks_its_days_both_times() => await WithRegistryAsync(async services =>
    {
        var (corrections, days) = (services.GetRequiredService<ICorrections>(), services.GetRequiredService<IHouseholdDays>());
        await ImportAsync(services);
        var paris = LocalCalendar.For(LocalCalendar.DefaultZone);
        CorrectedSpan what = new(Meter, new(paris.StartOf(Day) - Duration.FromHours(1), paris.StartOf(Day.PlusDays(1))), 70, 5);
        Signature made = new("anna", "read on the meter", Noon);

        var (first, stored) = await corrections.AddAsync(what, new(100, null, Quality.SimilarDay), made, paris, Stop);
        (first, stored).Should().Be((new Correction(1, what, new(100, null, Quality.SimilarDay), made, null), true));
        (await days.TouchedAsync(10, Stop)).Select(t => (t.Meter, t.Day)).Should().Equal((Meter, Day.PlusDays(-1)), (Meter, Day));
        (await corrections.InForceAsync([Meter], Stop))[Meter].Should().Equal(what);
        (await corrections.InForceAsync([MeterName.Parse("m-2")], Stop)).Should().BeEmpty();

        var overlapping = what with { Span = new(what.Span.End - Duration.FromMinutes(1), what.Span.End + Duration.FromHours(1)) };
        (await corrections.AddAsync(overlapping, SlotEnergy.Unknown, made, paris, Stop)).Should().Be((first, false));
        (await corrections.AddAsync(what with { Span = new(what.Span.End, what.Span.End + Duration.FromHours(1)), ImportWh = null }, SlotEnergy.Unknown, made, paris, Stop)).Stored.Should().BeTrue("it begins where the other ends");

        await days.ReplaceAsync([], await days.TouchedAsync(10, Stop), Stop);
        Signature undone = new("bob", "the meter was right", Noon + Duration.FromHours(1));
        (await corrections.UndoAsync(1, undone, paris, Stop)).Should().BeTrue();
        (await corrections.UndoAsync(1, undone, paris, Stop)).Should().BeFalse();
        (await corrections.UndoAsync(9, undone, paris, Stop)).Should().BeFalse();
        (await days.TouchedAsync(10, Stop)).Select(t => t.Day).Should().Equal(Day.PlusDays(-1), Day);
        (await corrections.AllAsync(Meter, Stop)).Select(c => (c.Number, c.Undone)).Should().Equal((1, undone), (2, null));
        (await corrections.InForceAsync([Meter], Stop))[Meter].Should().ContainSingle().Which.ImportWh.Should().BeNull();
        (await corrections.AddAsync(what, SlotEnergy.Unknown, made, paris, Stop)).Should().Match<(Correction Correction, bool Stored)>(again => again.Stored && again.Correction.Number == 3, "what was there is undone");
    });

    [Fact]
    public async Task A_mark_renewed_since_it_was_read_stays() => await WithRegistryAsync(async services =>
    {
        var (ledger, days) = (services.GetRequiredService<ILedger>(), services.GetRequiredService<IHouseholdDays>());
        await ImportAsync(services);
        await MarkAsync(ledger);
        var read = await days.TouchedAsync(10, Stop);
        await MarkAsync(ledger);

        await days.ReplaceAsync([DayOf(100)], read, Stop);
        (await days.CountTouchedAsync(Stop)).Should().Be(1);
        (await days.AnyTouchedAsync(Day, Day.PlusDays(1), Stop)).Should().BeTrue();

        await days.ReplaceAsync([DayOf(100)], await days.TouchedAsync(10, Stop), Stop);
        (await days.CountTouchedAsync(Stop)).Should().Be(0);
    });

    [Fact]
    public async Task A_day_replaced_is_the_new_one_and_unpublished_again() => await WithRegistryAsync(async services =>
    {
        var days = services.GetRequiredService<IHouseholdDays>();
        await ImportAsync(services);
        await days.ReplaceAsync([DayOf(100)], [], Stop);
        var first = await days.UnpublishedAsync(10, Stop);
        await days.ReplaceAsync([DayOf(null)], [], Stop);
        await days.MarkPublishedAsync(first, Stop);

        var unpublished = await days.UnpublishedAsync(10, Stop);

        unpublished.Should().ContainSingle().Which.Day.ImportWh.Should().BeNull();
        (await days.ReadAsync(Home, Day, Day.PlusDays(1), Stop)).Should().ContainSingle().Which.Quality.Should().Be(Quality.Unknown);
        await days.MarkPublishedAsync(unpublished, Stop);
        (await days.UnpublishedAsync(10, Stop)).Should().BeEmpty();
        (await days.SpanAsync(Stop)).Should().BeNull();
    });

    [Fact]
    public async Task A_result_with_other_bytes_is_the_next_version_with_what_changed_and_the_same_bytes_are_none() => await WithRegistryAsync(async services =>
    {
        var (runs, results) = (services.GetRequiredService<IJobRuns>(), services.GetRequiredService<IResults>());

        (await CommitAsync(runs, "2026-10", """{"wh":1,"of":{"a":2}}""")).Should().Be(1);
        (await CommitAsync(runs, "2026-10", """{"wh":1,"of":{"a":2}}""")).Should().Be(0);
        (await CommitAsync(runs, "2026-10", """{"wh":1,"of":{"a":3}}""")).Should().Be(1);
        (await CommitAsync(runs, "2026-09", """{"wh":9}""")).Should().Be(1);

        var versions = await results.VersionsAsync(ReportKey("2026-10"), Stop);
        versions.Select(v => (v.Version, v.Changes)).Should().Equal((1, null), (2, """[{"path":"of.a","from":2,"to":3}]"""));
        (await results.FindAsync(ReportKey("2026-10"), version: null, Stop))!.Version.Should().Be(2);
        (await results.FindAsync(ReportKey("2026-10"), version: 1, Stop))!.Json.Should().Equal("""{"wh":1,"of":{"a":2}}"""u8.ToArray());
        (await results.PeriodsAsync(ResultKind.Report, Home, Stop)).Should().Equal("2026-10", "2026-09");
        (await results.NewestAsync(ResultKind.Report, "2026-10", Stop)).Should().ContainSingle().Which.Version.Should().Be(2);
        (await results.AnyAsync(ResultKind.Report, "2026-10", Stop)).Should().BeTrue();
        (await results.AnyAsync(ResultKind.Report, "2026-11", Stop)).Should().BeFalse();
        (await results.AnyAsync(ResultKind.Counted, "2026-10", Stop)).Should().BeFalse();
        (await results.NewestAsync(ResultKind.Report, period: null, Stop)).Select(r => (r.Key.Period, r.Version)).Should().Equal(("2026-09", 1), ("2026-10", 2));
        (await runs.CommittedInputsAsync("reports", Stop)).Should().ContainKeys("2026-09", "2026-10");
    });

    [Fact]
    public async Task A_run_that_another_node_took_over_commits_nothing() => await WithRegistryAsync(async services =>
    {
        var (slow, results) = (services.GetRequiredService<IJobRuns>(), services.GetRequiredService<IResults>());
        var quick = new JobRuns(services.GetRequiredService<Microsoft.EntityFrameworkCore.IDbContextFactory<RegistryContext>>(), TimeProvider.System);
        var first = await slow.BeginAsync("reports", "2026-10", "inputs", Stop);

        var second = await quick.BeginAsync("reports", "2026-10", "inputs", Stop);
        (await quick.CommitAsync(second, [Draft("2026-10", "{}")], [], Stop)).Should().Be(1);

        (await slow.CommitAsync(first, [Draft("2026-10", """{"late":true}""")], [], Stop)).Should().BeNull();
        (await results.VersionsAsync(ReportKey("2026-10"), Stop)).Should().ContainSingle();
        (await slow.RecentAsync(10, Stop)).Should().ContainSingle().Which.Should().Match<JobRun>(r => r.State == RunState.Committed && r.Version == 1 && r.Outcome == "1 new of 1");
    });

    [Fact]
    public async Task A_run_says_how_far_it_has_come_and_a_failed_one_why_and_is_begun_again() => await WithRegistryAsync(async services =>
    {
        var runs = services.GetRequiredService<IJobRuns>();
        var run = await runs.BeginAsync("reports", "2026-10", "inputs", Stop);
        await runs.ProgressAsync(run, 3, 10, Stop);
        (await runs.RecentAsync(1, Stop))[0].Should().Match<JobRun>(r => r.State == RunState.Running && r.Done == 3 && r.Total == 10);

        await runs.FailAsync(run, "no disk", Stop);

        (await runs.RecentAsync(1, Stop))[0].Should().Match<JobRun>(r => r.State == RunState.Failed && r.Outcome == "no disk" && r.EndedAt != null);
        (await runs.CommittedInputsAsync("reports", Stop)).Should().BeEmpty();
        (await runs.BeginAsync("reports", "2026-10", "inputs", Stop)).Version.Should().Be(1);
    });

    [Fact]
    public async Task What_was_shown_is_in_the_ledger_once() => await WithRegistryAsync(async services =>
    {
        var (runs, releases) = (services.GetRequiredService<IJobRuns>(), services.GetRequiredService<IReleases>());
        ShownGroup own = new(Home, new(ReleaseRule.Neighbours, new HashSet<HouseholdId> { HouseholdId.Parse("h-2"), HouseholdId.Parse("h-3") }, new(2026, 10, 1), new(2026, 11, 1)));
        var everybody = own with { Audience = ShownTo.Everybody };
        var arms = own with { Audience = ShownTo.Treated };

        foreach (var period in (string[])["2026-10", "2026-10", "other"])
            await runs.CommitAsync(await runs.BeginAsync("reports", period, "", Stop), [], [own, everybody], Stop);

        var shown = await releases.ShownAsync(new(2026, 10, 31), new(2026, 12, 1), Stop);
        shown.Should().BeEquivalentTo([own, everybody]);
        await runs.CommitAsync(await runs.BeginAsync("told-to-operators", "", "", Stop), [], [arms, everybody], Stop);
        (await releases.ShownAsync(new(2026, 10, 31), new(2026, 12, 1), Stop)).Should().BeEquivalentTo([own, everybody, arms]);
        (await releases.ShownToOperatorsAsync(new(2026, 10, 31), new(2026, 12, 1), Stop)).Should().BeEquivalentTo([everybody, arms], "what residents are shown of theirs is not for operators");
        (await releases.ShownAsync(new(2026, 11, 1), new(2026, 12, 1), Stop)).Should().BeEmpty();
    });

    [Fact]
    public async Task What_was_decided_without_what_others_told_meanwhile_is_not_stored() => await WithRegistryAsync(async services =>
    {
        var (runs, results, releases) = (services.GetRequiredService<IJobRuns>(), services.GetRequiredService<IResults>(), services.GetRequiredService<IReleases>());
        ShownGroup October(params string[] homes) => new(ShownTo.Everybody, new(ReleaseRule.Totals, homes.Select(HouseholdId.Parse).ToHashSet(), new(2026, 10, 1), new(2026, 11, 1)));
        ShownGroup november = October("h-1") with { Group = new(ReleaseRule.Totals, new HashSet<HouseholdId> { Home }, new(2026, 11, 1), new(2026, 12, 1)) };
        var (slow, other, quick) = (await runs.BeginAsync("reports", "2026-10", "", Stop), await runs.BeginAsync("reports", "2026-11", "", Stop), await runs.BeginAsync("told-to-operators", "", "", Stop));

        await runs.CommitAsync(quick, [], [October("h-1", "h-2")], Stop);
        var commit = () => runs.CommitAsync(slow, [Draft("2026-10", "1")], [October("h-1")], Stop);

        await commit.Should().ThrowAsync<ToldMeanwhileException>();
        (await results.FindAsync(ReportKey("2026-10"), null, Stop)).Should().BeNull();
        (await runs.CommitAsync(other, [], [november], Stop)).Should().NotBeNull("other days");
        var again = await runs.BeginAsync("reports", "2026-10", "", Stop);
        (await runs.CommitAsync(again, [Draft("2026-10", "1")], [October("h-1")], Stop)).Should().Be(1);
        (await releases.ShownAsync(new(2026, 10, 1), new(2026, 11, 1), Stop)).Should().HaveCount(2);
    });

    [Fact]
    public async Task Of_two_that_tell_of_the_same_days_at_once_one_does() => await WithRegistryAsync(async services =>
    {
        var runs = services.GetRequiredService<IJobRuns>();
        ShownGroup Of(string home) => new(ShownTo.Everybody, new(ReleaseRule.Totals, new HashSet<HouseholdId> { HouseholdId.Parse(home) }, new(2026, 10, 1), new(2026, 11, 1)));
        List<(JobRun Run, ShownGroup Shown)> both = [(await runs.BeginAsync("reports", "2026-10", "", Stop), Of("h-1")), (await runs.BeginAsync("aggregates", "2026-10", "", Stop), Of("h-2"))];

        var ends = await Task.WhenAll(both.Select(b => Task.Run(async () =>
        {
            try
            {
                return await runs.CommitAsync(b.Run, [], [b.Shown], Stop) is not null;
            }
            catch (ToldMeanwhileException)
            {
                return false;
            }
        })));

        ends.Should().BeEquivalentTo([true, false]);
    });

    [Fact]
    public async Task A_job_that_others_told_meanwhile_decides_again_at_once() => await WithRegistryAsync(async services =>
    {
        var runs = services.GetRequiredService<IJobRuns>();
        await using var metrics = new ServiceCollection().AddMetrics().AddSingleton<JobMetrics>().BuildServiceProvider();
        ToldBetween work = new(runs);

        var stored = await new PeriodRunner(runs, metrics.GetRequiredService<JobMetrics>(), TimeProvider.System, NullLogger<PeriodRunner>.Instance).RunAsync(work, Stop);

        (stored, work.Decided).Should().Be((1, 2));
        (await runs.RecentAsync(5, Stop)).Where(r => r.Job == "reports").Should().ContainSingle().Which.State.Should().Be(RunState.Committed);
    });

    /// <summary>While it decides for the first time something else is told of the same days.</summary>
    private sealed class ToldBetween(IJobRuns runs) : IPeriodicWork
    {
        public string Job => "reports";

        public int Decided { get; private set; }

        public IAsyncEnumerable<DuePeriod> PeriodsAsync(CancellationToken ct) => new[] { new DuePeriod("2026-10", "") }.ToAsyncEnumerable();

        public async Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct)
        {
            ShownGroup shown = new(ShownTo.Everybody, new(ReleaseRule.Totals, new HashSet<HouseholdId> { Home }, new(2026, 10, 1), new(2026, 11, 1)));
            if (Decided++ == 0) await runs.CommitAsync(await runs.BeginAsync("told-to-operators", "", "", ct), [], [shown with { Audience = ShownTo.Operators }], ct);
            return new([Draft("2026-10", "1")], [shown]);
        }
    }

    [Fact]
    public async Task Who_moves_out_sees_nothing_from_that_day_on() => await WithRegistryAsync(async services =>
    {
        var (editor, tenancies, account) = (services.GetRequiredService<RegistryEditor>(), services.GetRequiredService<ITenancies>(), Guid.NewGuid());
        await ImportAsync(services);
        await using (var scope = services.CreateAsyncScope())
        {
            var registry = scope.ServiceProvider.GetRequiredService<RegistryContext>();
            registry.Users.Add(new() { Id = account, UserName = "anna" });
            await registry.SaveChangesAsync(Stop);
        }

        await editor.MoveInAsync(account, Home, new(2026, 1, 1), Stop);
        (await editor.MoveOutAsync(account, Home, new(2026, 1, 1), Stop)).Should().BeFalse("no day would be left");
        (await editor.MoveOutAsync(Guid.NewGuid(), Home, new(2026, 7, 1), Stop)).Should().BeFalse();
        (await editor.MoveOutAsync(account, Home, new(2027, 7, 1), Stop)).Should().BeTrue("a slip of the pen, which is put right below");
        (await tenancies.CountAsync(Home, new(2027, 6, 30), Stop)).Should().Be(1);

        (await editor.MoveOutAsync(account, Home, new(2026, 7, 1), Stop)).Should().BeTrue();

        var tenancy = await tenancies.FindAsync(account, Home, Stop);
        (tenancy!.Covers(new(2026, 6, 30)), tenancy.Covers(new(2026, 7, 1))).Should().Be((true, false));
        (await tenancies.CountAsync(Home, new(2026, 6, 30), Stop)).Should().Be(1);
        (await tenancies.CountAsync(Home, new(2026, 7, 1), Stop)).Should().Be(0);
        (await editor.MoveOutAsync(account, Home, new(2026, 8, 1), Stop)).Should().BeFalse("it ended");
        (await tenancies.MovesAsync(Home, Stop)).Should().Equal(new LocalDate(2026, 1, 1), new LocalDate(2026, 7, 1));
    });

    [Fact]
    public async Task Who_looked_at_what_is_told_in_order_and_outlives_the_account() => await WithRegistryAsync(async services =>
    {
        var (accesses, one, other) = (services.GetRequiredService<IAccesses>(), Guid.NewGuid(), Guid.NewGuid());
        await using (var scope = services.CreateAsyncScope())
        {
            var registry = scope.ServiceProvider.GetRequiredService<RegistryContext>();
            registry.Users.Add(new() { Id = one, UserName = "control", Email = "control@grid.example" });
            await registry.SaveChangesAsync(Stop);
        }

        Slot span = new(Noon, Noon + Duration.FromHours(1));
        await accesses.AddAsync(one, "readings", Meter, span, Stop);
        await accesses.AddAsync(other, "quarantine", null, span, Stop);

        var noted = await accesses.SinceAsync(Instant.FromUnixTimeSeconds(0), Stop).ToListAsync(Stop);
        noted.Select(a => (a.Email, a.What, a.Meter, new Slot(a.From, a.To))).Should().Equal(("control@grid.example", "readings", Meter, span), (null, "quarantine", null, span));
        (await accesses.SinceAsync(noted[^1].At + Duration.FromDays(1), Stop).ToListAsync(Stop)).Should().BeEmpty();
    });

    [Fact]
    public async Task Accounts_are_named_with_the_homes_that_they_may_see_together() => await WithRegistryAsync(async services =>
    {
        var (editor, tenancies) = (services.GetRequiredService<RegistryEditor>(), services.GetRequiredService<ITenancies>());
        var second = Change.Households[0] with { Id = HouseholdId.Parse("h-2") };
        (await editor.ApplyAsync(Change with { Households = [.. Change.Households, second] }, Stop)).Should().BeEmpty();
        var (one, both) = (Guid.NewGuid(), Guid.NewGuid());
        await using (var scope = services.CreateAsyncScope())
        {
            var registry = scope.ServiceProvider.GetRequiredService<RegistryContext>();
            foreach (var account in (Guid[])[one, both]) registry.Users.Add(new() { Id = account, UserName = account.ToString() });
            await registry.SaveChangesAsync(Stop);
        }

        await editor.MoveInAsync(one, Home, new(2026, 1, 1), Stop);
        await editor.MoveInAsync(both, Home, new(2026, 1, 1), Stop);
        await editor.MoveInAsync(both, second.Id, new(2026, 10, 15), Stop);

        (await tenancies.SharedAsync(new(2026, 9, 1), new(2026, 10, 15), Stop)).Should().BeEmpty();
        (await tenancies.SharedAsync(new(2026, 10, 1), new(2026, 10, 16), Stop)).Should().ContainSingle().Which.Should().BeEquivalentTo([Home, second.Id]);
    });

    [Fact]
    public async Task A_day_is_checked_once_for_each_time_it_is_computed_and_what_it_violates_stays_until_then() => await WithRegistryAsync(async services =>
    {
        var (ledger, days) = (services.GetRequiredService<ILedger>(), services.GetRequiredService<IHouseholdDays>());
        await ImportAsync(services);
        await days.ReplaceAsync([DayOf(100)], [], Stop);
        await MarkAsync(ledger);
        (await days.UncheckedAsync(10, Stop)).Should().BeEmpty("a marked day is about to be computed");
        await days.ReplaceAsync([DayOf(100)], await days.TouchedAsync(10, Stop), Stop);
        var before = await days.FingerprintAsync(Day, Day.PlusDays(1), Stop);

        var first = await days.UncheckedAsync(10, Stop);
        await days.MarkCheckedAsync(first, [new(Home, Day, 101, 100, Noon)], Stop);
        (await days.UncheckedAsync(10, Stop)).Should().BeEmpty();
        (await days.ViolationsAsync(10, Stop)).Should().Equal(new Violation(Home, Day, 101, 100, Noon));

        await days.ReplaceAsync([DayOf(101)], [], Stop);
        (await days.FingerprintAsync(Day, Day.PlusDays(1), Stop)).Should().NotBe(before);
        await days.MarkCheckedAsync(first, [], Stop);
        (await days.UncheckedAsync(10, Stop)).Should().ContainSingle("its revision is another");
        (await days.ViolationsAsync(10, Stop)).Should().ContainSingle("nobody has checked the day as it is now");
        await days.MarkCheckedAsync(await days.UncheckedAsync(10, Stop), [], Stop);
        (await days.ViolationsAsync(10, Stop)).Should().BeEmpty();
    });

    [Fact]
    public async Task A_day_that_is_what_it_was_keeps_its_revision_and_its_copy() => await WithRegistryAsync(async services =>
    {
        var days = services.GetRequiredService<IHouseholdDays>();
        await ImportAsync(services);
        await days.ReplaceAsync([DayOf(100)], [], Stop);
        await days.MarkPublishedAsync(await days.UnpublishedAsync(10, Stop), Stop);
        var before = await days.FingerprintAsync(Day, Day.PlusDays(1), Stop);

        await days.ReplaceAsync([DayOf(100)], [], Stop);
        (await days.FingerprintAsync(Day, Day.PlusDays(1), Stop)).Should().Be(before);
        (await days.UnpublishedAsync(10, Stop)).Should().BeEmpty();

        await days.ReplaceAsync([new(Home, Day, DayOf(100).Slots) { LeansOnOtherDays = true }], [], Stop);
        (await days.FilledAsync(Day, Day.PlusDays(1), Stop)).Should().ContainSingle();

        HomeBalance balance = new(4_800, 0, 2, 3, 4, 5);
        before = await days.FingerprintAsync(Day, Day.PlusDays(1), Stop);
        await days.ReplaceAsync([new(Home, Day, DayOf(100).Slots) { LeansOnOtherDays = true, Balance = balance }], [], Stop);
        (await days.FingerprintAsync(Day, Day.PlusDays(1), Stop)).Should().NotBe(before);
        (await days.ReadAsync(Home, Day, Day.PlusDays(1), Stop)).Should().ContainSingle().Which.Balance.Should().Be(balance);
    });

    [Fact]
    public async Task Who_computed_for_a_mark_that_another_node_has_settled_writes_nothing() => await WithRegistryAsync(async services =>
    {
        var (ledger, days) = (services.GetRequiredService<ILedger>(), services.GetRequiredService<IHouseholdDays>());
        await ImportAsync(services);
        await MarkAsync(ledger);
        var marks = await days.TouchedAsync(10, Stop);
        await days.ReplaceAsync([DayOf(200)], marks, Stop);

        await days.ReplaceAsync([DayOf(100)], marks, Stop);

        (await days.ReadAsync(Home, Day, Day.PlusDays(1), Stop)).Should().ContainSingle().Which.ImportWh.Should().Be(48 * 200);
    });

    [Fact]
    public async Task Panels_that_were_anothers_take_their_part_of_the_days_away_and_leave_the_rest() => await WithRegistryAsync(async services =>
    {
        var days = services.GetRequiredService<IHouseholdDays>();
        var panels = Change.Meters[0] with { Meter = MeterName.Parse("pv-1"), Kind = MeterKind.Pv };
        var other = Change.Households[0] with { Id = HouseholdId.Parse("h-2") };
        var change = Change with { Households = [.. Change.Households, other], Meters = [.. Change.Meters, panels] };
        (await services.GetRequiredService<RegistryEditor>().ApplyAsync(change, Stop)).Should().BeEmpty();
        await days.ReplaceAsync([new(Home, Day, DayOf(100).Slots) { Balance = new(4_800, 0, 2_000, 0, 0, 0) }], [], Stop);
        var before = await days.FingerprintAsync(Day, Day.PlusDays(1), Stop);

        (await services.GetRequiredService<RegistryEditor>().ApplyAsync(change with { Meters = [Change.Meters[0], panels with { Household = other.Id }] }, Stop)).Should().BeEmpty();

        var day = (await days.ReadAsync(Home, Day, Day.PlusDays(1), Stop)).Should().ContainSingle().Subject;
        (day.ImportWh, day.Balance).Should().Be((4_800, null));
        (await days.FingerprintAsync(Day, Day.PlusDays(1), Stop)).Should().NotBe(before);
        (await days.TouchedAsync(10, Stop)).Select(t => (t.Meter.Value, t.Day)).Should().BeEquivalentTo([("m-1", Day), ("pv-1", Day)]);
    });

    [Fact]
    public async Task A_meter_that_turns_out_to_hang_there_too_has_the_households_days_computed_again() => await WithRegistryAsync(async services =>
    {
        var days = services.GetRequiredService<IHouseholdDays>();
        await ImportAsync(services);
        await days.ReplaceAsync([DayOf(100), new(Home, Day.PlusDays(1), DayOf(100).Slots)], [], Stop);
        var from = LocalCalendar.For(LocalCalendar.DefaultZone).StartOf(Day.PlusDays(1));

        (await services.GetRequiredService<RegistryEditor>().ApplyAsync(
            Change with { Meters = [.. Change.Meters, Change.Meters[0] with { Meter = MeterName.Parse("pv-1"), Kind = MeterKind.Pv, From = from }] }, Stop)).Should().BeEmpty();

        (await days.TouchedAsync(10, Stop)).Select(t => (t.Meter.Value, t.Day)).Should().Equal(("pv-1", Day.PlusDays(1)));
    });

    [Fact]
    public async Task A_household_whose_meter_was_anothers_loses_what_was_told_of_it() => await WithRegistryAsync(async services =>
    {
        await ImportAsync(services);
        var (runs, results) = (services.GetRequiredService<IJobRuns>(), services.GetRequiredService<IResults>());
        await CommitAsync(runs, "2026-10", "{}");
        var before = await results.FingerprintAsync(ResultKind.Report, ["2026-10"], Stop);
        var other = Change.Households[0] with { Id = HouseholdId.Parse("h-2") };

        (await services.GetRequiredService<RegistryEditor>().ApplyAsync(
            Change with { Households = [.. Change.Households, other], Meters = [Change.Meters[0] with { Household = other.Id }] }, Stop)).Should().BeEmpty();

        (await results.VersionsAsync(ReportKey("2026-10"), Stop)).Should().BeEmpty();
        (await results.FingerprintAsync(ResultKind.Report, ["2026-10"], Stop)).Should().NotBe(before);
    });

    [Fact]
    public async Task A_household_that_lost_a_meter_keeps_the_days_that_it_had_with_another() => await WithRegistryAsync(async services =>
    {
        var days = services.GetRequiredService<IHouseholdDays>();
        var first = Change.Meters[0] with { From = Instant.FromUtc(2020, 1, 1, 0, 0), To = LocalCalendar.For(Change.TimeZone).StartOf(Day) };
        var second = first with { Meter = MeterName.Parse("m-2"), From = first.To!.Value, To = null };
        var change = Change with { Meters = [first, second] };
        (await services.GetRequiredService<RegistryEditor>().ApplyAsync(change, Stop)).Should().BeEmpty();
        await days.ReplaceAsync([new(Home, Day.PlusDays(-1), DayOf(50).Slots), DayOf(100)], [], Stop);
        var before = await days.FingerprintAsync(Day.PlusDays(-1), Day, Stop);
        var other = Change.Households[0] with { Id = HouseholdId.Parse("h-2") };

        (await services.GetRequiredService<RegistryEditor>().ApplyAsync(
            change with { Households = [.. Change.Households, other], Meters = [first, second with { Household = other.Id }] }, Stop)).Should().BeEmpty();

        (await days.ReadAsync(Home, Day.PlusDays(-1), Day.PlusDays(1), Stop)).Should().ContainSingle().Which.ImportWh.Should().Be(48 * 50);
        (await days.FingerprintAsync(Day.PlusDays(-1), Day, Stop)).Should().NotBe(before, "what was told of it was deleted, and is told again");
        (await days.FirstTouchedAsync(Stop)).Should().Be(Day.PlusDays(-1));
    });

    [Fact]
    public async Task A_household_that_lost_a_meter_which_hung_until_midnight_keeps_the_day_after() => await WithRegistryAsync(async services =>
    {
        var days = services.GetRequiredService<IHouseholdDays>();
        var first = Change.Meters[0] with { From = Instant.FromUtc(2020, 1, 1, 0, 0), To = LocalCalendar.For(Change.TimeZone).StartOf(Day) };
        var second = first with { Meter = MeterName.Parse("m-2"), From = first.To!.Value, To = null };
        var change = Change with { Meters = [first, second] };
        (await services.GetRequiredService<RegistryEditor>().ApplyAsync(change, Stop)).Should().BeEmpty();
        await days.ReplaceAsync([new(Home, Day.PlusDays(-1), DayOf(50).Slots), DayOf(100)], [], Stop);
        var other = Change.Households[0] with { Id = HouseholdId.Parse("h-2") };

        (await services.GetRequiredService<RegistryEditor>().ApplyAsync(
            change with { Households = [.. Change.Households, other], Meters = [first with { Household = other.Id }, second] }, Stop)).Should().BeEmpty();

        (await days.ReadAsync(Home, Day.PlusDays(-1), Day.PlusDays(1), Stop)).Should().ContainSingle().Which.Day.Should().Be(Day);
    });

    [Fact]
    public async Task The_greatest_inputs_of_a_jobs_runs_are_told_however_they_ended() => await WithRegistryAsync(async services =>
    {
        var runs = services.GetRequiredService<IJobRuns>();
        (await runs.GreatestInputsAsync("retention", Stop)).Should().BeNull();
        await runs.CommitAsync(await runs.BeginAsync("retention", "2026-11-24", "2026-08-26", Stop) with { Outcome = "said" }, [], [], Stop);
        await runs.FailAsync(await runs.BeginAsync("retention", "2026-11-25", "2026-08-27", Stop), "no", Stop);
        await runs.BeginAsync("reports", "2026-10", "2027", Stop);

        (await runs.GreatestInputsAsync("retention", Stop)).Should().Be("2026-08-27");
        (await runs.RecentAsync(10, Stop)).Should().ContainSingle(r => r.Outcome == "said");
    });

    [Fact]
    public async Task Days_that_lean_on_others_are_found_and_so_is_each_households_first() => await WithRegistryAsync(async services =>
    {
        var days = services.GetRequiredService<IHouseholdDays>();
        await ImportAsync(services);
        var leaning = new HouseholdDay(Home, Day.PlusDays(3), DayOf(7).Slots) { LeansOnOtherDays = true };
        await days.ReplaceAsync([new(Home, Day.PlusDays(-1), DayOf(null).Slots), DayOf(100), leaning], [], Stop);

        (await days.FilledAsync(Day, Day.PlusDays(4), Stop)).Should().Equal((Home, Day.PlusDays(3)));
        (await days.FilledAsync(Day, Day.PlusDays(3), Stop)).Should().BeEmpty();
        (await days.FirstDaysAsync(Stop)).Should().ContainSingle().Which.Should().Be(new KeyValuePair<HouseholdId, LocalDate>(Home, Day));
        (await days.ReadAllAsync(Day, Day.PlusDays(4), Stop).Select(d => d.Day).ToListAsync(Stop)).Should().Equal(Day, Day.PlusDays(3));
    });

    [Fact]
    public async Task Only_a_temperature_that_changes_changes_the_fingerprint() => await WithRegistryAsync(async services =>
    {
        var temperatures = services.GetRequiredService<ITemperatures>();
        async Task<string> StoredAsync(double celsius)
        {
            await temperatures.StoreAsync([new(Noon, celsius)], Stop);
            return await temperatures.FingerprintAsync(Noon, Noon + Duration.FromHours(1), Stop);
        }

        var first = await StoredAsync(7);
        (await StoredAsync(7)).Should().Be(first);
        (await StoredAsync(8)).Should().NotBe(first);
    });

    [Fact]
    public async Task Prices_colours_and_contracts_are_read_as_they_were_stored_and_replaced_by_day() => await WithRegistryAsync(async services =>
    {
        await ImportAsync(services);
        var prices = services.GetRequiredService<IPrices>();
        Tariff tariff = new("edf", new(2026, 2, 1), TariffOption.PeakOffPeak, 6, 15.65m, new Dictionary<PricePeriod, decimal> { [PricePeriod.OffPeak] = 0.1579m, [PricePeriod.Peak] = 0.2065m }, null, 0.2m, 0.055m);
        var corrected = tariff with { FeedInPerKwh = 0.04m, PerKwh = new Dictionary<PricePeriod, decimal> { [PricePeriod.OffPeak] = 0.1600m, [PricePeriod.Peak] = 0.2065m } };
        await prices.StoreAsync([tariff, tariff with { From = new(2025, 8, 1) }], Stop);
        await prices.StoreAsync([corrected], Stop);
        await prices.StoreAsync(new Dictionary<LocalDate, TempoColour> { [new(2026, 1, 15)] = TempoColour.Red, [new(2026, 1, 16)] = TempoColour.Blue }, Stop);
        await prices.StoreAsync(new Dictionary<LocalDate, TempoColour> { [new(2026, 1, 15)] = TempoColour.White }, Stop);
        Contract contract = new(Home, new(2026, 2, 1), "edf", new([(new(12, 30), new(14, 30)), (new(22, 0), new(4, 0))]));
        (await prices.StoreAsync([contract], Stop)).Should().BeEmpty();
        (await prices.StoreAsync([contract with { Tariff = "other" }, contract with { Household = HouseholdId.Parse("nobody") }], Stop)).Should().Equal(HouseholdId.Parse("nobody"));

        var book = await prices.ReadAsync(Stop);

        book.Tariffs.Should().BeEquivalentTo([tariff with { From = new(2025, 8, 1) }, corrected]);
        book.Colours.Should().BeEquivalentTo(new Dictionary<LocalDate, TempoColour> { [new(2026, 1, 15)] = TempoColour.White, [new(2026, 1, 16)] = TempoColour.Blue });
        book.Contracts.Should().Equal(contract);
    });

    [Fact]
    public async Task Intensities_are_of_one_kind_and_only_one_that_changes_changes_the_fingerprint() => await WithRegistryAsync(async services =>
    {
        var intensities = services.GetRequiredService<ICarbonIntensities>();
        var later = Noon + Duration.FromHours(1);
        Task<string> FingerprintAsync() => intensities.FingerprintAsync(Noon, later, Stop);
        (await intensities.KindAsync(Stop)).Should().BeNull();
        (await intensities.StoreAsync(CarbonKind.Direct, [new(Noon, 20), new(later, 30)], Stop)).Should().BeTrue();
        var first = await FingerprintAsync();
        await intensities.StoreAsync(CarbonKind.Direct, [new(Noon, 20), new(later, 31)], Stop);
        (await FingerprintAsync()).Should().Be(first);
        await intensities.StoreAsync(CarbonKind.Direct, [new(Noon, 21)], Stop);
        (await FingerprintAsync()).Should().NotBe(first);

        (await intensities.StoreAsync(CarbonKind.LifeCycle, [new(later + Duration.FromHours(1), 60)], Stop)).Should().BeFalse();
        (await intensities.KindAsync(Stop)).Should().Be(CarbonKind.Direct);
        (await intensities.ReadAsync(Noon, later + Duration.FromDays(1), Stop)).Should().Equal(new(Noon, 21), new HourlyIntensity(later, 31));
    });

    [Fact]
    public async Task Temperatures_are_replaced_by_hour() => await WithRegistryAsync(async services =>
    {
        var temperatures = services.GetRequiredService<ITemperatures>();
        await temperatures.StoreAsync([new(Noon, 7.5), new(Noon + Duration.FromHours(1), 8)], Stop);
        await temperatures.StoreAsync([new(Noon, 7.25)], Stop);

        (await temperatures.ReadAsync(Noon, Noon + Duration.FromHours(1), Stop)).Should().Equal(new HourlyTemperature(Noon, 7.25));
    });

    [Fact]
    public async Task A_gap_noted_again_replaces_the_note_before() => await WithRegistryAsync(async services =>
    {
        var reports = services.GetRequiredService<IGatewayReports>();
        var (open, later) = (new Gap(Gateway, 7, new(3, 5), Noon), new Gap(Gateway, 8, new(3, 3), Noon + Duration.FromHours(1)));
        var filled = open with { End = GapEnd.Filled, EndedAt = Noon + Duration.FromMinutes(5) };
        await reports.NoteAsync([later, open], Stop);
        await reports.NoteAsync([filled], Stop);

        (await reports.GapsAsync(Noon, Noon + Duration.FromHours(2), openOnly: false, Stop).ToListAsync(Stop)).Should().Equal(filled, later);
        (await reports.GapsAsync(Noon, Noon + Duration.FromHours(2), openOnly: true, Stop).ToListAsync(Stop)).Should().Equal(later);
        (await reports.GapsAsync(Noon, Noon + Duration.FromHours(1), openOnly: true, Stop).ToListAsync(Stop)).Should().BeEmpty();
    });

    [Fact]
    public async Task A_gap_that_was_declared_lost_is_lost_whoever_closed_it_and_in_whichever_order() => await WithRegistryAsync(async services =>
    {
        var reports = services.GetRequiredService<IGatewayReports>();
        Gap[] open = [new(Gateway, 7, new(3, 5), Noon), new(Gateway, 7, new(7, 8), Noon), new(Gateway, 7, new(9, 20), Noon), new(Gateway, 8, new(3, 5), Noon)];
        var (minute, hour) = (Noon + Duration.FromMinutes(1), Noon + Duration.FromHours(1));
        await reports.NoteAsync(open, Stop);
        await reports.NoteAsync([open[0] with { End = GapEnd.Filled, EndedAt = minute }], Stop);

        await reports.NoteLostAsync([(new(Gateway, 7), new(5, 10))], hour, Stop);

        await reports.NoteAsync([open[1] with { End = GapEnd.Filled, EndedAt = hour + Duration.FromHours(1) }], Stop);
        (await reports.GapsAsync(Noon, hour, openOnly: false, Stop).ToListAsync(Stop)).Should()
            .Equal(open[0] with { End = GapEnd.Lost, EndedAt = minute }, open[1] with { End = GapEnd.Lost, EndedAt = hour + Duration.FromHours(1) }, open[2], open[3]);
    });

    [Fact]
    public async Task Of_each_gateways_clock_the_latest_word_is_kept() => await WithRegistryAsync(async services =>
    {
        var reports = services.GetRequiredService<IGatewayReports>();
        var (behind, other) = (new ClockSkew(Gateway, -90_000, Noon), new ClockSkew(GatewayName.Parse("gw-2"), 400_000, Noon));
        var right = behind with { EndedAt = Noon + Duration.FromHours(1) };
        await reports.NoteAsync([other, behind], Stop);
        await reports.NoteAsync([right], Stop);

        (await reports.SkewsAsync(Stop)).Should().Equal(right, other);
    });

    [Fact]
    public async Task A_clock_that_was_set_is_recorded_with_how_far() => await WithRegistryAsync(async services =>
    {
        var set = new MeterEvent(MeterEventKind.ClockSet, null, Noon, ByMs: -4_200);

        await services.GetRequiredService<ILedger>().RecordAsync(new([], [(Gateway, set)], ImmutableDictionary<GatewayEpoch, SequenceSet>.Empty, []), Stop);

        await using var registry = services.CreateAsyncScope();
        registry.ServiceProvider.GetRequiredService<RegistryContext>().MeterEvents.Should().ContainSingle().Which.ByMs.Should().Be(-4_200);
    });

    [Theory]
    [InlineData("early", null, 1, null, null, null)]
    [InlineData("late", 1, null, null, null, null)]
    [InlineData("late", null, null, Reason.TooOld, null, null)]
    [InlineData("late", null, null, null, "gw-2", null)]
    [InlineData("early", null, null, null, null, "early")]
    [InlineData("early,late", null, null, null, null, null)]
    public async Task The_quarantine_is_read_by_span_reason_gateway_or_id(string expected, int? fromHours, int? toHours, Reason? reason, string? gateway, string? id) =>
        await WithRegistryAsync(async services =>
        {
            await QuarantineAsync(services, Item("late", 1) with { Gateway = GatewayName.Parse("gw-2"), Reason = Reason.TooOld }, Item("early", 0));
            Instant? At(int? hours) => hours is { } h ? Noon + Duration.FromHours(h) : null;
            var filter = new QuarantineFilter(At(fromHours), At(toHours), reason, gateway is null ? null : GatewayName.Parse(gateway), id);

            var found = await services.GetRequiredService<IQuarantine>().ReadAsync(filter, Stop).Select(i => i.Id).ToListAsync(Stop);

            found.Should().Equal(expected.Split(','));
        });

    [Fact]
    public async Task What_is_to_be_replayed_waits_in_the_order_of_its_arrival_until_it_is_done_and_may_be_asked_for_again() => await WithRegistryAsync(async services =>
    {
        var quarantine = services.GetRequiredService<IQuarantine>();
        await QuarantineAsync(services, Item("c", 2), Item("a", 0), Item("b", 1), Item("d", 3));
        async Task<IEnumerable<string>> AskedAsync(int limit = 10) => (await quarantine.AskedAsync(limit, Stop)).Select(i => i.Id);

        await quarantine.AskReplayAsync(["c", "b", "a", "no-such"], Noon, Stop);
        (await AskedAsync()).Should().Equal("a", "b", "c");
        (await AskedAsync(2)).Should().Equal("a", "b");

        await quarantine.MarkReplayedAsync(["a", "b"], Noon + Duration.FromMinutes(1), Stop);
        (await AskedAsync()).Should().Equal("c");
        var done = await quarantine.ReadAsync(new(Id: "a"), Stop).SingleAsync(Stop);
        (done.ReplayAskedAt, done.ReplayedAt).Should().Be((Noon, Noon + Duration.FromMinutes(1)));

        await QuarantineAsync(services, Item("a", 0)); // refused again
        (await AskedAsync()).Should().Equal(["c"], "what was refused again is not replayed for ever");

        await quarantine.AskReplayAsync(["a"], Noon + Duration.FromHours(1), Stop);
        (await AskedAsync()).Should().Equal("a", "c");
    });

    [Fact]
    public async Task A_gateway_over_its_bounds_loses_its_oldest_bodies_and_far_over_them_its_oldest_items_but_none_that_waits() => await WithRegistryAsync(async services =>
    {
        var quarantine = services.GetRequiredService<IQuarantine>();
        var other = Item("other", 0) with { Gateway = GatewayName.Parse("gw-2") };
        await QuarantineAsync(services, [other, .. Enumerable.Range(0, 8).Select(i => Item($"{i}", i))]); // 3 bytes each
        await quarantine.AskReplayAsync(["0", "3"], Noon, Stop);

        (await quarantine.TrimAsync(4, 1_000, 6, Stop)).Should().Be(1);
        (await HeldAsync()).Should().Equal("other:3", "0:3", "2:0", "3:3", "4:3", "5:3", "6:3", "7:3");

        (await quarantine.TrimAsync(4, 7, 6, Stop)).Should().Be(0);
        (await HeldAsync()).Should().Equal("other:3", "0:3", "2:0", "3:3", "4:0", "5:0", "6:3", "7:3");
        (await quarantine.ReadAsync(new(Id: "2"), Stop).SingleAsync(Stop)).Should().Match<QuarantinedItem>(i => i.Sha256 == "hash" && !i.IsWhole);

        async Task<List<string>> HeldAsync() =>
            [.. (await quarantine.ReadAsync(new(), Stop).ToListAsync(Stop)).OrderBy(i => i.Gateway == Gateway).Select(i => FormattableString.Invariant($"{i.Id}:{i.Body.Length}"))];
    });

    protected abstract Task WithRegistryAsync(Func<IServiceProvider, Task> test);

    /// <summary>The ports over a registry database with the present schema.</summary>
    protected static async Task UseAsync(RegistryOptions options, string directory, Func<IServiceProvider, Task> test)
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
            .AddStorage(new StoreOptions(), options, directory).BuildServiceProvider();
        await services.MigrateRegistryAsync(Stop);
        await test(services);
    }

    private static RegistryChange Change { get; } = new(
        "Fort",
        "Europe/Paris",
        [new(Home, "b-1", DwellingKind.Apartment, HeatingKind.Electric, 60, null)],
        [new(Meter, MeterKind.Main, Gateway, Home, Instant.FromUtc(2024, 1, 1, 0, 0), null, 9_000)]);

    private static async Task ImportAsync(IServiceProvider services) =>
        (await services.GetRequiredService<RegistryEditor>().ApplyAsync(Change, Stop)).Should().BeEmpty();

    private static QuarantinedItem Item(string id, int hours) =>
        new(id, Noon + Duration.FromHours(hours), Gateway, "grid/v1/gw-1/readings", Meter, Noon, Reason.UnknownMeter, "why", "hash", [1, 2, 3]);

    private static Task QuarantineAsync(IServiceProvider services, params QuarantinedItem[] items) =>
        services.GetRequiredService<ILedger>().RecordAsync(new(items, [], ImmutableDictionary<GatewayEpoch, SequenceSet>.Empty, []), Stop);

    private static ResultKey ReportKey(string month) => new(ResultKind.Report, Home, month);

    private static ResultDraft Draft(string month, string json) => new(ReportKey(month), System.Text.Encoding.UTF8.GetBytes(json));

    private static async Task<int?> CommitAsync(IJobRuns runs, string month, string json) =>
        await runs.CommitAsync(await runs.BeginAsync("reports", month, json, Stop), [Draft(month, json)], [], Stop);

    private static Task MarkAsync(ILedger ledger) =>
        ledger.RecordAsync(new([], [], ImmutableDictionary<GatewayEpoch, SequenceSet>.Empty, [(Meter, Day)]), Stop);

    private static HouseholdDay DayOf(long? wh) =>
        new(Home, Day, [.. Enumerable.Repeat(wh is null ? SlotEnergy.Unknown : new SlotEnergy(wh, 0, Quality.Measured), 48)]);
}

public class SqliteRegistryTests : RegistryContract
{
    protected override async Task WithRegistryAsync(Func<IServiceProvider, Task> test)
    {
        var directory = Directory.CreateTempSubdirectory("grid-registry-");
        try
        {
            await UseAsync(new(), directory.FullName, test);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            directory.Delete(recursive: true);
        }
    }
}

public class PostgresRegistryTests : RegistryContract
{
    protected override async Task WithRegistryAsync(Func<IServiceProvider, Task> test)
    {
        await using var postgres = await Servers.RealPostgres.StartAsync();
        await UseAsync(new() { Kind = RegistryKind.PostgreSql, ConnectionString = postgres.ConnectionString }, Path.GetTempPath(), test);
    }
}
