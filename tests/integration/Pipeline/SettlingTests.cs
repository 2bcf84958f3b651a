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
}
