using System.Net;
using Grid.Domain;
using Grid.Jobs;
using Grid.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using static Grid.IntegrationTests.Pipeline.SettlingBench;

namespace Grid.IntegrationTests.Pipeline;

public class SettlingTests
{
    private static readonly LocalDate Day = new(2026, 11, 20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_meter_that_an_import_gives_to_another_household_takes_its_days_along()
    {
        await using var bench = await StartAsync();
        await bench.Settler().SettleAsync([bench.Group(WholeDay(Day))], Stop);
        await bench.AggregateAsync();
        (await bench.WhAsync("h-1", Day)).Should().Be(4_800);

        await bench.ImportAsync(Install("h-2", Instant.FromUtc(2020, 1, 1, 0, 0)));
        await bench.AggregateAsync();

        (await bench.WhAsync("h-2", Day)).Should().Be(4_800);
        (await bench.WhAsync("h-1", Day)).Should().Be(0);
    }

    [Fact]
    public async Task A_mark_that_two_households_share_stays_until_both_are_computed()
    {
        var moved = Instant.FromUtc(2026, 11, 20, 11, 0);
        await using var bench = await StartAsync(Install("h-1", Instant.FromUtc(2020, 1, 1, 0, 0), moved), Install("h-2", moved));
        await bench.Settler().SettleAsync([bench.Group(WholeDay(Day))], Stop);
        var reads = 0;
        var away = new FaultyStore(bench.Store) { BeforeRead = () => _ = ++reads == 2 ? throw new IOException("the store is away for a moment") : 0 };
        var act = () => bench.AggregateAsync(away);
        await act.Should().ThrowAsync<IOException>();

        await bench.AggregateAsync();

        (await bench.WhAsync("h-1", Day) + await bench.WhAsync("h-2", Day)).Should().Be(4_800);
    }

    [Fact]
    public async Task A_reading_that_the_store_refused_is_nobodys_neighbour()
    {
        await using var bench = await StartAsync();
        var refusedAt = Now + Duration.FromDays(2);
        bench.Store = new FaultyStore(bench.Store) { Refuses = r => r.At == refusedAt };
        var settler = bench.Settler();
        await settler.SettleAsync([bench.Group(Reading(Now, 1_000))], Stop);
        await settler.SettleAsync([bench.Group(Reading(refusedAt, 90_000))], Stop);
        await bench.AggregateAsync();

        await settler.SettleAsync([bench.Group(Reading(Now + Duration.FromDays(3), 4_000))], Stop);
        await bench.AggregateAsync();

        (await bench.Store.ReadAroundAsync(Meter, Now, Now + Duration.FromDays(9), Stop)).Select(r => r.Registers.ImportWh).Should().Equal(1_000, 4_000);
        var days = await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), new(2026, 11, 24), new(2026, 11, 28), Stop);
        days.Sum(d => d.ImportWh).Should().Be(3_000);
    }

    [Fact]
    public async Task What_another_node_has_stored_is_looked_up_also_of_meters_that_come_later()
    {
        await using var bench = await StartAsync();
        TurnsTold turns = new();
        var (ours, theirs) = (bench.Settler(turns), bench.Settler());
        var other = MeterName.Parse("m-2");
        await ours.SettleAsync([bench.Group(Reading(Now, 1_000), Reading(Now, 1_000) with { Meter = other })], Stop);
        await theirs.SettleAsync([bench.Group(Reading(Now + Duration.FromHours(1), 2_000) with { Meter = other })], Stop);
        turns.ChangedHands = true; // as the shard that both meters' gateways share
        await ours.SettleAsync([bench.Group(Reading(Now + Duration.FromHours(1), 1_500))], Stop);
        turns.ChangedHands = false;

        await ours.SettleAsync([bench.Group(Reading(Now + Duration.FromHours(1), 2_500) with { Meter = other })], Stop);

        (await bench.Store.ReadAroundAsync(other, Now, Now + Duration.FromDays(1), Stop)).Select(r => r.Registers.ImportWh).Should().Equal(1_000, 2_000);
    }

    [Fact]
    public async Task After_a_reading_that_the_store_refused_the_meters_others_are_looked_up()
    {
        await using var bench = await StartAsync();
        bench.Store = new FaultyStore(bench.Store) { Refuses = r => r.At == Now };
        var settler = bench.Settler();
        await settler.SettleAsync([bench.Group(Reading(Now, 1_000), Reading(Now + Duration.FromHours(2), 3_000))], Stop);

        await settler.SettleAsync([bench.Group(Reading(Now + Duration.FromHours(2), 4_000), Reading(Now + Duration.FromHours(1), 3_500))], Stop);

        (await bench.Store.ReadAroundAsync(Meter, Now, Now + Duration.FromDays(1), Stop)).Select(r => r.Registers.ImportWh).Should().Equal([3_000], "one is in conflict, the other falls");
    }

    [Fact]
    public async Task Late_readings_do_not_take_a_meters_mark_back()
    {
        await using var bench = await StartAsync();
        var settler = bench.Settler();
        await settler.SettleAsync([bench.Group([.. Enumerable.Range(0, 10).Select(i => Reading(Now + Duration.FromHours(i), 1_000 + (100 * i)))])], Stop);
        await settler.SettleAsync([bench.Group(Reading(Now + Duration.FromMinutes(30), 1_050))], Stop);

        await settler.SettleAsync([bench.Group(Reading(Now + Duration.FromHours(9), 1_901), Reading(Now + Duration.FromHours(8), 1_799))], Stop);

        (await bench.Store.ReadAroundAsync(Meter, Now + Duration.FromHours(8), Now + Duration.FromDays(1), Stop)).Select(r => r.Registers.ImportWh).TakeLast(2).Should().Equal(1_800, 1_900);
    }

    [Fact]
    public async Task One_day_that_InfluxDB_refuses_does_not_hold_up_the_others()
    {
        await using var bench = await StartAsync();
        await bench.Settler().SettleAsync([bench.Group(WholeDay(Day.PlusDays(-10))), bench.Group(WholeDay(Day))], Stop);
        await bench.AggregateAsync();
        var refusedMs = FormattableString.Invariant($"{WholeDay(Day.PlusDays(-10))[0].At.ToUnixTimeMilliseconds()}");
        using var http = new HttpClient(new Answering(body => body.Contains(refusedMs, StringComparison.Ordinal) ? HttpStatusCode.BadRequest : HttpStatusCode.NoContent));
        var copy = new InfluxAggregateCopy(new(http, new() { Url = "http://127.0.0.1" }), NullLogger<InfluxAggregateCopy>.Instance);
        var publication = new Publication(bench.Days, bench.Get<CurrentRegistry>(), [copy]);

        while (await publication.RunOnceAsync(Stop) > 0) await Task.Yield();

        (await bench.Days.UnpublishedAsync(100, Stop)).Should().BeEmpty();
    }

    private sealed class Answering(Func<string, HttpStatusCode> status) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new(status(await request.Content!.ReadAsStringAsync(cancellationToken))) { Content = new StringContent("points beyond retention policy") };
    }

    /// <summary>Nobody else, but for what the test says.</summary>
    private sealed class TurnsTold : IGatewayLocks, IGatewayLock
    {
        public bool ChangedHands { get; set; }

        public Task<IGatewayLock> TakeAsync(IReadOnlyCollection<GatewayName> gateways, CancellationToken ct) => Task.FromResult<IGatewayLock>(this);

        public Task EnsureHeldAsync(CancellationToken ct) => Task.CompletedTask;

        public ValueTask DisposeAsync() => default;
    }
}
