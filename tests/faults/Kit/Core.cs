using Grid.FirmwareSim;
using Grid.Ingest;
using Grid.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grid.Faults;

/// <summary>The ingest core in this process, behind its seams: files, clock, store and broker are the row's to choose.</summary>
internal sealed class Core : IAsyncDisposable
{
    private readonly RowRun _run;
    private readonly CoreOptions _options;
    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _running = [];
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly IReadingStore _inner;
    private Road? _road;
    private long _taken;

    private Core(RowRun run, CoreOptions options, StoreOptions store, Ingest.BrokerOptions broker)
    {
        (_run, _options) = (run, options);
        Data = options.Data ?? run.Neighbourhood.CopyTo(run.NewDirectory());
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(options.Clock).AddStorage(store, options.Registry, Data);
        services.AddIngest(broker, options.Ingest, options.JournalIn ?? Data);
        if (store.Kind is StoreKind.InfluxDb) services.AddSingleton(_ => new InfluxClient(new HttpClient { Timeout = options.StorePatience }, store));
        if (!options.ByMqtt) services.AddSingleton<IGatewayMail>(Mail);
        Wrap(services, options.StoreFaults);
        Wrap(services, options.LedgerFaults);
        Wrap(services, options.LockFaults);
        _services = services.BuildServiceProvider();
        Counters = new(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        PendingAtStart = Journal.PendingItems;
        _inner = options.StoreFaults is null ? Get<IReadingStore>() : Get<Unwrapped<IReadingStore>>().Value;
        Port = broker.Port;
    }

    public string Data { get; }

    public int Port { get; }

    public Counters Counters { get; }

    public CapturedMail Mail { get; } = new();

    public Journal Journal => Get<Journal>();

    public IReadingStore Store => _inner;

    public InfluxServer? Influx { get; private set; }

    public long PendingAtStart { get; set; }

    /// <summary>Items of messages that were acknowledged, each time that they were.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    public static async Task<Core> StartAsync(RowRun run, CoreOptions? options = null)
    {
        options ??= new();
        List<IAsyncDisposable> servers = [];
        var (store, broker) = (options.Store ?? new(), options.Broker);
        broker.Port = ServerProcess.FreePort();
        InfluxServer? influx = null;
        if (run.Pair is Pair.MosquittoInflux)
        {
            var directory = run.NewDirectory();
            servers.Add(influx = await InfluxServer.StartAsync(Path.Combine(directory, "influx"), run.Stop));
            if (options.Store is null) store = new() { Kind = StoreKind.InfluxDb, Url = influx.Url.ToString() };
            if (options.ByMqtt)
            {
                var mosquitto = await MosquittoServer.StartAsync(Path.Combine(directory, "mosquitto"), run.Neighbourhood.Access, largeQueue: true, run.Stop);
                servers.Add(mosquitto);
                broker = new() { Kind = BrokerKind.External, Port = mosquitto.Port, User = GridAccess.IngestUser, Password = run.Neighbourhood.Access.IngestPassword };
            }
        }

        Core core = new(run, options, store, broker) { Influx = influx };
        core._servers.AddRange(servers);
        await core.RunAsync(servers.OfType<MosquittoServer>().FirstOrDefault());
        return core;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Offers a message; true once it has its PUBACK.</summary>
    public async Task<bool> SendAsync(GatewayName gateway, string topic, byte[] payload, int items)
    {
        var taken = _options.ByMqtt ? await Road().PublishAsync(gateway, topic, payload) : await OfferAsync(gateway, topic, payload);
        if (taken) Interlocked.Add(ref _taken, items);
        return taken;
    }

    /// <summary>Every gateway's next message goes out on a new connection.</summary>
    public async Task ReconnectAsync()
    {
        if (_road is not null) await _road.DisposeAsync();
        _road = null;
    }

    /// <summary>Begins to settle what the journal has kept so far.</summary>
    public async Task SettleAsync()
    {
        var worker = _services.GetServices<IHostedService>().OfType<SettleWorker>().Single();
        await worker.StartAsync(_run.Stop);
        _running.Add(worker);
    }

    public Task QuiesceAsync() => Poll.UntilAsync(
        "everything was settled", _run.Patience, _ => Task.FromResult(Counters.Of("received") >= Taken && Journal is { PendingItems: 0, UncommittedItems: 0 }), _run.Stop);

    /// <summary>Quiesces, adds up, and holds the stores against what was sent.</summary>
    public async Task JudgeAsync(Oracle oracle, Acknowledgement by = Acknowledgement.PubAck)
    {
        await QuiesceAsync();
        Counters.Conserve(_run, PendingAtStart);
        await oracle.JudgeAsync(_run, Store, Get<IQuarantine>(), by);
    }

    public async ValueTask DisposeAsync()
    {
        if (_road is not null) await _road.DisposeAsync();
        foreach (var service in _running.AsEnumerable().Reverse()) await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        Counters.Dispose();
        foreach (var server in _servers) await server.DisposeAsync();
        SqliteConnection.ClearAllPools();
    }

    private Road Road()
    {
        if (_road is null) Interlocked.CompareExchange(ref _road, new(_run, this), null);
        return _road;
    }

    private static void Wrap<T>(IServiceCollection services, Func<T, T>? faults)
        where T : class
    {
        if (faults is null) return;
        var inner = services.Last(s => s.ServiceType == typeof(T));
        services.AddSingleton(p => new Unwrapped<T>((T)(inner.ImplementationFactory?.Invoke(p) ?? ActivatorUtilities.CreateInstance(p, inner.ImplementationType!))));
        services.AddSingleton(p => faults(p.GetRequiredService<Unwrapped<T>>().Value));
    }

    private async Task RunAsync(MosquittoServer? mosquitto)
    {
        await Get<CurrentRegistry>().RefreshAsync(_run.Stop);
        foreach (var service in _services.GetServices<IHostedService>())
        {
            if (service is EmbeddedBroker or ExternalBroker ? !_options.ByMqtt : service is SettleWorker && !_options.Settles) continue;
            await service.StartAsync(_run.Stop);
            _running.Add(service);
        }

        if (mosquitto is not null) await mosquitto.WaitForSubscriberAsync(_run.Stop);
    }

    private async Task<bool> OfferAsync(GatewayName gateway, string topic, byte[] payload)
    {
        AwaitedReceipt receipt = new();
        try
        {
            await Get<Inbox>().OfferAsync(new(gateway, topic, new(payload), default(Grid.Wire.Envelope), receipt), _run.Stop);
            await receipt.Task;
            return true;
        }
        catch (JournalFullException)
        {
            return false;
        }
    }

    private sealed record Unwrapped<T>(T Value);
}
