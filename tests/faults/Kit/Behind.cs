using Grid.Storage;

namespace Grid.Faults;

/// <summary>An InfluxDB of its own, for a row of either pair, with a proxy before it.</summary>
internal sealed class Behind : IAsyncDisposable
{
    private Behind(InfluxServer influx) => (Influx, Proxy) = (influx, new(influx.Url));

    public InfluxServer Influx { get; }

    public InfluxProxy Proxy { get; }

    public StoreOptions Options => new() { Kind = StoreKind.InfluxDb, Url = Proxy.Url.ToString() };

    public static async Task<Behind> StartAsync(RowRun run) => new(await InfluxServer.StartAsync(run.NewDirectory(), run.Stop));

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Influx.DisposeAsync();
    }
}
