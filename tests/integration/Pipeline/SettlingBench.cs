using Grid.Domain;
using Grid.Ingest;
using Grid.Jobs;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Settling and aggregation over SQLite files, without a broker: journal groups in, household-days out.</summary>
internal sealed class SettlingBench : IAsyncDisposable
{
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 12, 0);
    public static readonly GatewayName Gateway = GatewayName.Parse("gw-1");
    public static readonly MeterName Meter = MeterName.Parse("m-1");

    private readonly ServiceProvider _services;
    private long _number;

    private SettlingBench()
    {
        _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System)
            .AddStorage(new StoreOptions(), new RegistryOptions(), Folder).AddSingleton<IngestMetrics>().BuildServiceProvider();
        Store = Get<IReadingStore>();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("grid-settling-").FullName;

    public IReadingStore Store { get; set; }

    public IHouseholdDays Days => Get<IHouseholdDays>();

    public KeptReadings Kept => new(Get<IJobRuns>());

    public MeterCurves Curves(IReadingStore? store = null) => new(store ?? Store, Get<ILedger>(), Get<ICorrections>());

    public static async Task<SettlingBench> StartAsync(params MeterInstall[] installs)
    {
        var bench = new SettlingBench();
        await bench._services.MigrateRegistryAsync(CancellationToken.None);
        await bench.ImportAsync(installs.Length > 0 ? installs : [Install("h-1", Instant.FromUtc(2020, 1, 1, 0, 0))]);
        return bench;
    }

    public static MeterInstall Install(string household, Instant from, Instant? to = null) => new(Meter, MeterKind.Main, Gateway, HouseholdId.Parse(household), from, to);

    public static Reading Reading(Instant at, long wh) => new(Meter, at, new(wh));

    /// <summary>A local day of Paris in winter: 49 readings, 100 Wh a half-hour.</summary>
    public static Reading[] WholeDay(LocalDate day)
    {
        var start = LocalCalendar.For(LocalCalendar.DefaultZone).StartOf(day);
        return [.. Enumerable.Range(0, 49).Select(i => Reading(start + Duration.FromMinutes(30 * i), (start.ToUnixTimeSeconds() / 10) + (100 * i)))];
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task ImportAsync(params MeterInstall[] installs)
    {
        Household[] homes = [.. new[] { "h-1", "h-2" }.Select(h => new Household(HouseholdId.Parse(h), "b", DwellingKind.Apartment, HeatingKind.Other, null, null))];
        (await Get<RegistryEditor>().ApplyAsync(new("n", LocalCalendar.DefaultZone, homes, installs), CancellationToken.None)).Should().BeEmpty();
        await Get<CurrentRegistry>().RefreshAsync(CancellationToken.None);
    }

    public Settler Settler(IGatewayLocks? locks = null) => new(Store, Get<ILedger>(), locks ?? Get<IGatewayLocks>(), Get<CurrentRegistry>(), Get<IngestMetrics>());

    public JournalGroup Group(params Reading[] readings) => new(++_number, [new(Gateway, Now, 1, _number, readings, null, [])]);

    public async Task AggregateAsync(IReadingStore? store = null)
    {
        Aggregation aggregation = new(Curves(store), Days, Kept, Get<CurrentRegistry>());
        while (await aggregation.RunOnceAsync(TestContext.Current.CancellationToken) > 0) await Task.Yield();
    }

    /// <returns>0 where the day was never computed.</returns>
    public async Task<long> WhAsync(string household, LocalDate day) =>
        (await Days.ReadAsync(HouseholdId.Parse(household), day, day.PlusDays(1), TestContext.Current.CancellationToken)) is [{ ImportWh: { } wh }] ? wh : 0;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>A store that refuses or fails on request.</summary>
internal sealed class FaultyStore(IReadingStore inner) : IReadingStore
{
    public Func<Reading, bool> Refuses { get; init; } = _ => false;

    public Action BeforeRead { get; init; } = () => { };

    public async Task<IReadOnlyList<RefusedReading>> WriteAsync(IReadOnlyList<Reading> readings, CancellationToken ct)
    {
        await inner.WriteAsync([.. readings.Where(r => !Refuses(r))], ct);
        return [.. readings.Index().Where(r => Refuses(r.Item)).Select(r => new RefusedReading(r.Index, "no"))];
    }

    public Task<IReadOnlyList<Reading>> ReadAroundAsync(MeterName meter, Instant from, Instant to, CancellationToken ct)
    {
        BeforeRead();
        return inner.ReadAroundAsync(meter, from, to, ct);
    }

    public IAsyncEnumerable<Reading> ReadAsync(MeterName meter, Instant from, Instant to, CancellationToken ct) => inner.ReadAsync(meter, from, to, ct);

    public Task<IReadOnlyDictionary<MeterName, Reading>> LatestAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct) => inner.LatestAsync(meters, ct);

    public Task<IReadOnlyList<MeterName>> MetersAsync(CancellationToken ct) => inner.MetersAsync(ct);

    public Task ForgetAsync(Instant before, CancellationToken ct) => inner.ForgetAsync(before, ct);

    public Task CheckAsync(CancellationToken ct) => inner.CheckAsync(ct);
}
