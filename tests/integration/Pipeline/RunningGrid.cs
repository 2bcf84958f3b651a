using System.Net.Http.Json;
using Grid.Domain;
using Grid.IntegrationTests.Servers;
using Grid.Ingest;
using Grid.Jobs;
using Grid.Server;
using Grid.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Which parts a test runs Grid on. Null is the embedded part.</summary>
internal sealed record Parts
{
    public RealInflux? Influx { get; init; }

    public RealMosquitto? Mosquitto { get; init; }

    public RealPostgres? Postgres { get; init; }

    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(45);

    public Dictionary<string, string?> Settings(string directory, int httpPort, int mqttPort)
    {
        Dictionary<string, string?> settings = new(StringComparer.Ordinal)
        {
            ["Grid:DataDirectory"] = directory,
            ["Grid:Url"] = $"http://127.0.0.1:{httpPort}",
            ["Grid:Broker:Port"] = $"{mqttPort}",
            ["Grid:Ingest:MaxAge"] = MaxAge.ToString("c"),
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Critical",
        };
        if (Influx is { } influx)
            Add(settings, ("Store:Kind", "InfluxDb"), ("Store:Url", influx.Url.ToString()), ("Store:Database", influx.Database), ("Store:User", influx.User), ("Store:Password", influx.Password));
        if (Postgres is { } postgres) Add(settings, ("Registry:Kind", "PostgreSql"), ("Registry:ConnectionString", postgres.ConnectionString));
        if (Mosquitto is { } broker)
            Add(settings, ("Broker:Kind", "External"), ("Broker:Host", broker.Host), ("Broker:User", broker.IngestUser), ("Broker:Password", broker.IngestPassword));
        return settings;
    }

    private static void Add(Dictionary<string, string?> settings, params (string Key, string Value)[] more)
    {
        foreach (var (key, value) in more) settings["Grid:" + key] = value;
    }
}

/// <summary>The whole server in this process, on free loopback ports and a directory of its own.</summary>
internal sealed class RunningGrid : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Parts _parts;
    private readonly string _directory;

    private RunningGrid(WebApplication app, Parts parts, string directory, Uri url, int mqttPort) =>
        (_app, _parts, _directory, Url, MqttPort) = (app, parts, directory, url, mqttPort);

    public Uri Url { get; }

    /// <summary>Where gateways connect, whichever broker it is.</summary>
    public int MqttPort { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="directory">With data in it; deleted in the end like a new one.</param>
    public static async Task<RunningGrid> StartAsync(Parts parts, string? directory = null)
    {
        directory ??= Directory.CreateTempSubdirectory("grid-test-").FullName;
        var (http, mqtt) = (GridProcess.FreePort(), parts.Mosquitto?.Port ?? GridProcess.FreePort());
        var app = GridHost.Build(GridHost.CreateBuilder(parts.Settings(directory, http, mqtt)));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, parts, directory, new($"http://127.0.0.1:{http}"), mqtt);
    }

    /// <summary>Puts homes and meters into the registry, and gives every gateway of theirs this secret.</summary>
    public async Task RegisterAsync(RegistryChange change, string secret)
    {
        var editor = Services.GetRequiredService<RegistryEditor>();
        (await editor.ApplyAsync(change, Stop)).Should().BeEmpty();
        var gateways = change.Meters.Select(m => m.Gateway).Distinct().ToList();
        await editor.SetSecretsAsync([.. gateways.Select(g => (g, (byte[]?)GatewaySecret.Hash(secret)))], Stop);
        if (_parts.Mosquitto is { } mosquitto)
            foreach (var gateway in gateways) await mosquitto.AddGatewayAsync(gateway.Value, secret);
        await Services.GetRequiredService<CurrentRegistry>().RefreshAsync(Stop);
    }

    /// <summary>Waits until nothing acknowledged waits for the store, and computes the days that were touched.</summary>
    public async Task SettleAsync(int receivedItems)
    {
        var metrics = Services.GetRequiredService<IngestMetrics>();
        var state = Services.GetRequiredService<IngestState>();
        await Eventually.BecomesTrueAsync(
            $"{receivedItems} items were received and settled", TimeSpan.FromMinutes(3), _ => Task.FromResult(metrics.ItemsReceived >= receivedItems && state.PendingItems == 0), Stop);
        while (await Services.GetRequiredService<Aggregation>().RunOnceAsync(Stop) > 0) Stop.ThrowIfCancellationRequested();
    }

    /// <summary>A client with the session of a new resident of these households.</summary>
    public async Task<HttpClient> ResidentAsync(params IEnumerable<HouseholdId> households)
    {
        var email = $"{Guid.NewGuid():N}@grid.example";
        List<HouseholdId> homes = [.. households];
        var password = await new Accounts(Services).CreateAsync(email, "resident", (homes[0], new LocalDate(2000, 1, 1)), Stop);
        await using var scope = Services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<Microsoft.AspNetCore.Identity.IdentityUser<Guid>>>().FindByEmailAsync(email);
        foreach (var home in homes.Skip(1)) await Services.GetRequiredService<RegistryEditor>().MoveInAsync(user!.Id, home, new LocalDate(2000, 1, 1), Stop);
        return await SignInAsync(email, password);
    }

    public async Task<HttpClient> OperatorAsync()
    {
        var email = $"{Guid.NewGuid():N}@grid.example";
        return await SignInAsync(email, await new Accounts(Services).CreateAsync(email, "operator", null, Stop));
    }

    public async Task<HttpClient> SignInAsync(string email, string password)
    {
        var client = new HttpClient { BaseAddress = Url };
        (await client.PostAsJsonAsync("/api/v1/session", new { email, password }, Stop)).EnsureSuccessStatusCode();
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
