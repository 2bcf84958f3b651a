using Grid.Domain;

namespace Grid.IntegrationTests.Storage;

/// <summary>What every reading store must do; each implementation runs all of it.</summary>
public abstract class ReadingStoreContract
{
    private static readonly MeterName Meter = MeterName.Parse("m-1");
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 24, 12, 0);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reading_is_read_back_with_every_register() => await WithStoreAsync(async store =>
    {
        var full = new Reading(Meter, Noon + Duration.FromMilliseconds(7), new(Registers.MaxWh, 3, new([("hc", 1), ("hp", 2)])), -1480.5, 231.4);
        var bare = new Reading(Meter, Noon, new(5));

        (await store.WriteAsync([full, bare], Stop)).Should().BeEmpty();

        (await ReadAsync(store, Noon, Noon + Duration.FromHours(1))).Should().Equal(bare, full);
    });

    [Fact]
    public async Task Writing_again_changes_nothing() => await WithStoreAsync(async store =>
    {
        for (var i = 0; i < 3; i++) await store.WriteAsync([At(0, 1), At(30, 2)], Stop);

        (await ReadAsync(store, Noon, Noon + Duration.FromHours(1))).Should().Equal(At(0, 1), At(30, 2));
    });

    [Fact]
    public async Task A_register_is_filled_in_where_the_same_reading_comes_with_more() => await WithStoreAsync(async store =>
    {
        var more = At(0, 1) with { Registers = new(1, 9) };
        await store.WriteAsync([At(0, 1)], Stop);

        await store.WriteAsync([more], Stop);

        (await ReadAsync(store, Noon, Noon + Duration.FromHours(1))).Should().Equal(more);
    });

    [Fact]
    public async Task The_end_of_a_span_is_not_in_it() => await WithStoreAsync(async store =>
    {
        await store.WriteAsync([At(0, 1), At(30, 2), At(60, 3)], Stop);

        (await ReadAsync(store, Noon, Noon + Duration.FromHours(1))).Should().Equal(At(0, 1), At(30, 2));
    });

    [Fact]
    public async Task A_span_is_led_by_the_reading_before_it_and_followed_by_the_one_after() => await WithStoreAsync(async store =>
    {
        await store.WriteAsync([At(-90, 1), At(-60, 2), At(0, 3), At(30, 4), At(60, 5), At(90, 6)], Stop);

        (await store.ReadAroundAsync(Meter, Noon, Noon + Duration.FromHours(1), Stop)).Should().Equal(At(-60, 2), At(0, 3), At(30, 4), At(60, 5));
        (await store.ReadAroundAsync(Meter, Noon + Duration.FromDays(1), Noon + Duration.FromDays(2), Stop)).Should().Equal(At(90, 6));
        (await store.ReadAroundAsync(MeterName.Parse("nobody"), Noon, Noon + Duration.FromHours(1), Stop)).Should().BeEmpty();
    });

    [Fact]
    public async Task The_latest_reading_of_each_meter_that_has_one() => await WithStoreAsync(async store =>
    {
        var other = At(10, 7) with { Meter = MeterName.Parse("m-2") };
        await store.WriteAsync([At(30, 2), At(0, 1), other], Stop);

        var latest = await store.LatestAsync([Meter, other.Meter, MeterName.Parse("nobody")], Stop);

        latest.Should().BeEquivalentTo(new Dictionary<MeterName, Reading> { [Meter] = At(30, 2), [other.Meter] = other });
    });

    [Fact]
    public async Task Meters_do_not_see_one_another() => await WithStoreAsync(async store =>
    {
        await store.WriteAsync([At(0, 1), At(0, 2) with { Meter = MeterName.Parse("m-10") }], Stop);

        (await ReadAsync(store, Noon, Noon + Duration.FromHours(1))).Should().Equal(At(0, 1));
    });

    [Fact]
    public async Task A_long_history_comes_whole_and_in_order() => await WithStoreAsync(async store =>
    {
        Reading[] year = [.. Enumerable.Range(0, 45_000).Select(i => At(i * 10, i))];
        foreach (var some in year.Reverse().Chunk(12_000)) await store.WriteAsync(some, Stop);

        (await ReadAsync(store, year[0].At, year[^1].At + Duration.FromMilliseconds(1))).Should().Equal(year);
    });

    [Fact]
    public async Task What_is_forgotten_is_gone_but_never_a_meters_newest_reading() => await WithStoreAsync(async store =>
    {
        var silent = MeterName.Parse("silent");
        var (old, newest) = (At(-90, 1) with { Meter = silent }, At(-60, 2) with { Meter = silent });
        await store.WriteAsync([At(-60, 1), At(-1, 2), At(0, 3), At(30, 4), old, newest], Stop);

        for (var i = 0; i < 2; i++) await store.ForgetAsync(Noon, Stop);

        (await ReadAsync(store, Noon - Duration.FromDays(1), Noon + Duration.FromDays(1))).Should().Equal(At(0, 3), At(30, 4));
        (await store.LatestAsync([Meter, silent], Stop)).Values.Should().BeEquivalentTo([At(30, 4), newest]);
        (await store.ReadAroundAsync(silent, Noon, Noon, Stop)).Should().Equal(newest);
        (await store.ReadAroundAsync(silent, newest.At, newest.At, Stop)).Should().Equal(newest);
    });

    [Fact]
    public async Task More_than_is_forgotten_at_once_is_forgotten_too() => await WithStoreAsync(async store =>
    {
        Reading[] year = [.. Enumerable.Range(0, 45_000).Select(i => At(i * 10, i))];
        await store.WriteAsync(year, Stop);

        await store.ForgetAsync(year[44_000].At, Stop);

        (await ReadAsync(store, year[0].At, year[^1].At + Duration.FromMilliseconds(1))).Should().Equal(year[44_000..]);
    });

    [Fact]
    public async Task Every_meter_with_readings_is_named() => await WithStoreAsync(async store =>
    {
        (await store.MetersAsync(Stop)).Should().BeEmpty();
        await store.WriteAsync([At(0, 1), At(30, 2), At(0, 7) with { Meter = MeterName.Parse("m-2") }], Stop);

        (await store.MetersAsync(Stop)).Should().BeEquivalentTo([Meter, MeterName.Parse("m-2")]);
    });

    [Fact]
    public async Task A_store_that_is_there_says_so() => await WithStoreAsync(store => store.CheckAsync(Stop));

    protected abstract Task WithStoreAsync(Func<IReadingStore, Task> test);

    private static async Task<List<Reading>> ReadAsync(IReadingStore store, Instant from, Instant to)
    {
        List<Reading> found = [];
        await foreach (var reading in store.ReadAsync(Meter, from, to, Stop)) found.Add(reading);
        return found;
    }

    private static Reading At(int minutes, long wh) => new(Meter, Noon + Duration.FromMinutes(minutes), new(wh));
}
