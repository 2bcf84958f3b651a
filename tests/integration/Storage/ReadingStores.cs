using Grid.Domain;
using Grid.IntegrationTests.Servers;
using Grid.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.IntegrationTests.Storage;

public class SqliteReadingStoreTests : ReadingStoreContract
{
    protected override async Task WithStoreAsync(Func<IReadingStore, Task> test)
    {
        var directory = Directory.CreateTempSubdirectory("grid-readings-");
        try
        {
            using var store = new SqliteReadingStore(Path.Combine(directory.FullName, "readings.db"));
            await test(store);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}

public class InfluxReadingStoreTests : ReadingStoreContract
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reading_that_InfluxDB_will_never_take_is_named_and_its_neighbours_are_stored() => await WithInfluxAsync(async (influx, store) =>
    {
        // In this shard power becomes text, so that numbers conflict with it.
        var noon = Instant.FromUtc(2026, 11, 24, 12, 0);
        await influx.WriteAsync(FormattableString.Invariant($"reading,meter=m-2 power_w=\"text\" {noon.ToUnixTimeMilliseconds()}"));
        Reading[] batch = [.. Enumerable.Range(0, 100).Select(i => new Reading(MeterName.Parse("m-1"), noon + Duration.FromMinutes(i), new(i), i == 42 ? 7 : null))];

        var refused = await store.WriteAsync(batch, Stop);

        refused.Should().ContainSingle().Which.Position.Should().Be(42);
        refused[0].Why.Should().Contain("conflict");
        (await store.ReadAroundAsync(MeterName.Parse("m-1"), noon, noon + Duration.FromHours(2), Stop)).Count(r => r.At >= noon).Should().Be(99);
    });

    [Fact]
    public async Task A_database_that_is_not_there_is_told_with_the_key_to_set() => await WithInfluxAsync(async (influx, _) =>
    {
        var act = () => Store(influx, influx.Database + "_not").CheckAsync(Stop);

        await act.Should().ThrowAsync<InvalidOperationException>().WithMessage("*Grid:Store:Database*");
    });

    protected override Task WithStoreAsync(Func<IReadingStore, Task> test) => WithInfluxAsync((_, store) => test(store));

    private static async Task WithInfluxAsync(Func<RealInflux, IReadingStore, Task> test)
    {
        await using var influx = await RealInflux.StartAsync();
        await test(influx, Store(influx, influx.Database));
    }

    private static InfluxReadingStore Store(RealInflux influx, string database)
    {
        var options = new StoreOptions { Kind = StoreKind.InfluxDb, Url = influx.Url.ToString(), Database = database, User = influx.User, Password = influx.Password };
        return new(new InfluxClient(new HttpClient(), options), NullLogger<InfluxReadingStore>.Instance, TimeProvider.System);
    }
}
