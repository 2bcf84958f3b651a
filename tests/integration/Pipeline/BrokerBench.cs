using Grid.Domain;
using Grid.Ingest;
using Grid.IntegrationTests.Servers;
using Grid.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Formatter;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>The embedded broker with its journal and a registry in memory, and nothing that settles.</summary>
internal sealed class BrokerBench : IRegistry, IAsyncDisposable
{
    public const string Secret = Homes.Secret;
    public static readonly GatewayName Ours = GatewayName.Parse("gw-ours");
    public static readonly GatewayName Theirs = GatewayName.Parse("gw-theirs");

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-broker-").FullName;
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<IngestMetrics>().AddSingleton<BrokerMetrics>().BuildServiceProvider();
    private readonly Dictionary<GatewayName, byte[]?> _secrets = [];
    private readonly CurrentRegistry _registry;
    private long _version;

    private BrokerBench(BrokerOptions options, TimeProvider clock, IngestOptions ingest)
    {
        Options = options;
        _registry = new(this);
        Journal = new(Path.Combine(_folder, "journal.db"), ingest, Metrics, TimeProvider.System, NullLogger<Journal>.Instance);
        Inbox = new(new Gate(_registry, new EverythingIsLet(), new(ingest), new(ingest)), Journal, new(), TimeProvider.System);
        Broker = new(options, _registry, Inbox, clock, _services.GetRequiredService<BrokerMetrics>(), NullLogger<EmbeddedBroker>.Instance);
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public BrokerOptions Options { get; }

    public int Port => Options.Port;

    public Journal Journal { get; }

    public Inbox Inbox { get; }

    public EmbeddedBroker Broker { get; }

    public IngestMetrics Metrics => _services.GetRequiredService<IngestMetrics>();

    public static async Task<BrokerBench> StartAsync(BrokerOptions? options = null, TimeProvider? clock = null, IngestOptions? ingest = null)
    {
        options ??= new();
        options.Port = GridProcess.FreePort();
        BrokerBench bench = new(options, clock ?? TimeProvider.System, ingest ?? new());
        await bench.SetSecretAsync(Ours, Secret);
        await bench.SetSecretAsync(Theirs, Secret);
        await bench.Broker.StartAsync(Stop);
        return bench;
    }

    /// <param name="secret">Null revokes it.</param>
    public async Task SetSecretAsync(GatewayName gateway, string? secret)
    {
        _secrets[gateway] = secret is null ? null : GatewaySecret.Hash(secret);
        _version++;
        await _registry.RefreshAsync(Stop);
    }

    public static MqttClientOptionsBuilder AsOurs(int port, string secret = Secret, MqttProtocolVersion version = MqttProtocolVersion.V500) => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", port).WithProtocolVersion(version).WithClientId(Ours.Value).WithCredentials(Ours.Value, secret).WithTimeout(TimeSpan.FromSeconds(10));

    public async Task<MqttClientConnectResultCode> ConnectAsync(IMqttClient client, string secret = Secret, MqttProtocolVersion version = MqttProtocolVersion.V500) =>
        (await client.ConnectAsync(AsOurs(Port, secret, version).Build(), Stop)).ResultCode;

    /// <summary>Everything in the journal, in the order of its commits.</summary>
    public Task<IReadOnlyList<JournalEntry>> EntriesAsync(int atLeast) => EntriesAsync(entries => entries.Count >= atLeast);

    /// <summary>What the journal holds once that is enough.</summary>
    public async Task<IReadOnlyList<JournalEntry>> EntriesAsync(Func<IReadOnlyList<JournalEntry>, bool> enough)
    {
        List<JournalEntry> entries = [];
        long after = 0;
        while (!enough(entries))
        {
            var groups = await Journal.ReadAsync(after, 100_000, Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop);
            entries.AddRange(groups.SelectMany(g => g.Entries));
            after = groups[^1].Number;
        }

        return entries;
    }

    /// <summary>Holds the journal's write lock until it is disposed: what is taken meanwhile is not on disk.</summary>
    public async Task<IAsyncDisposable> HoldJournalAsync()
    {
        SqliteConnection connection = new($"Data Source={Path.Combine(_folder, "journal.db")};Pooling=False");
        await connection.OpenAsync(Stop);
        await connection.BeginTransactionAsync(Stop);
        return connection; // closing it rolls back
    }

    public Task<long> VersionAsync(CancellationToken ct) => Task.FromResult(_version);

    public Task<RegistrySnapshot> ReadAsync(CancellationToken ct) => Task.FromResult(new RegistrySnapshot(
        _version, "n", LocalCalendar.DefaultZone, [], [], [.. _secrets.Select(s => new GatewayCredential(s.Key, s.Value))]));

    public async ValueTask DisposeAsync()
    {
        await Broker.StopAsync(CancellationToken.None);
        Broker.Dispose();
        await Journal.DisposeAsync();
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
