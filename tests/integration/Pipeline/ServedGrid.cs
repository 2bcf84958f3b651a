using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Grid.Domain;
using Grid.IntegrationTests.Servers;
using Grid.Storage;
using Grid.Wire;
using Microsoft.Data.Sqlite;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Grid as an operator sets it up: by its own commands, in a process that a test may kill and start again.</summary>
internal sealed class ServedGrid : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("grid-served-");
    private readonly Dictionary<string, string> _environment;
    private GridProcess? _process;

    public ServedGrid(params (string Key, string Value)[] settings)
    {
        _environment = new(StringComparer.Ordinal)
        {
            ["Grid__DataDirectory"] = Path.Combine(_directory.FullName, "data"),
            ["Grid__Url"] = Url.ToString(),
            ["Grid__Broker__Port"] = MqttPort.ToString(CultureInfo.InvariantCulture),
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach (var (key, value) in settings) _environment["Grid__" + key] = value;
    }

    public Uri Url { get; } = new($"http://127.0.0.1:{GridProcess.FreePort()}");

    public string DataDirectory => _environment["Grid__DataDirectory"];

    public int MqttPort { get; } = GridProcess.FreePort();

    /// <summary>Runs a command to its end: its output, then what it said on standard error.</summary>
    public async Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments)
    {
        await using var command = GridProcess.Start(_environment, arguments);
        return (await command.EndAsync(), command.OutputThenErrors);
    }

    /// <summary>Writes a registry file beside the data.</summary>
    public string RegistryFile(RegistryChange change)
    {
        var file = Path.Combine(_directory.FullName, "registry.csv");
        Wire.RegistryFile.Write(file, change.Meters.Select(m => new RegistryRow(
            change.Neighbourhood, change.TimeZone, change.Households.FirstOrDefault(h => h.Id == m.Household), m)));
        return file;
    }

    /// <summary>Imports homes and gives their gateways secrets.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SetUpAsync(RegistryChange change)
    {
        var (imported, said) = await CommandAsync("registry", "import", RegistryFile(change));
        imported.Should().Be(0, said);
        var (created, secrets) = await CommandAsync("gateway", "create", "--all", "--json");
        created.Should().Be(0, secrets);
        return JsonDocument.Parse(secrets).RootElement.EnumerateArray()
            .ToDictionary(g => g.GetProperty("gateway").GetString()!, g => g.GetProperty("secret").GetString()!, StringComparer.Ordinal);
    }

    public async Task StartAsync()
    {
        Launch();
        await _process!.WaitUntilReadyAsync(Url);
    }

    /// <summary>Starts it without waiting until it is ready.</summary>
    public void Launch() => _process = GridProcess.Start(_environment);

    /// <summary>The last lines of the process that was started.</summary>
    public string Said => _process!.Output;

    /// <summary>A counter or gauge as Prometheus would scrape it; 0 if it is not there yet.</summary>
    public async Task<double> MetricAsync(string name)
    {
        using var http = new HttpClient { BaseAddress = Url };
        var line = (await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Split('\n').FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Holds the journal's write lock until it is disposed: what Grid takes meanwhile is not on disk.</summary>
    public async Task<IAsyncDisposable> HoldJournalAsync()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_environment["Grid__DataDirectory"], "journal.db")};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        return connection; // closing it rolls back
    }

    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
    }

    public Task<int> StopAsync() => _process!.StopAsync();

    public async Task<HttpClient> OperatorAsync()
    {
        const string Email = "operator@grid.example";
        var (exit, output) = await CommandAsync("user", "create", Email, "--role", "operator", "--json");
        exit.Should().Be(0, output);
        var client = new HttpClient { BaseAddress = Url };
        var password = JsonDocument.Parse(output).RootElement.GetProperty("password").GetString();
        (await client.PostAsJsonAsync("/api/v1/session", new { email = Email, password }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        return client;
    }

    /// <summary>Registers by instant, as the operators' endpoint tells them.</summary>
    public static async Task<Dictionary<Instant, long>> StoredAsync(HttpClient operators, string meter, Instant from, Instant to)
    {
        var ct = TestContext.Current.CancellationToken;
        var lines = await operators.GetStringAsync($"/api/v1/readings?meter={meter}&from={UtcText.Format(from)}&to={UtcText.Format(to)}", ct);
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(
            r => UtcText.TryParse(r.GetProperty("at").GetString(), out var at) ? at : throw new FormatException("at"),
            r => r.GetProperty("importWh").GetInt64());
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
