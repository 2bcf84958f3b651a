using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Grid.Benchmarks;

/// <summary>What <c>registry import</c> and <c>gateway create</c> made once for all runs: a data directory to copy, and the secrets.</summary>
internal sealed class GridAccess
{
    public const string IngestUser = "ingest";

    private readonly string _data;
    private IReadOnlyDictionary<string, string> _secrets = new Dictionary<string, string>(StringComparer.Ordinal);

    private GridAccess(string data) => _data = data;

    public string IngestPassword { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public string Passwd => Path.Combine(_data, "mosquitto", "passwd");

    public string Acl => Path.Combine(_data, "mosquitto", "acl");

    public static async Task<GridAccess> CreateAsync(string directory, int gateways, CancellationToken ct)
    {
        Directory.CreateDirectory(directory);
        var access = new GridAccess(Path.Combine(directory, "data"));
        var csv = Path.Combine(directory, "registry.csv");
        await File.WriteAllTextAsync(csv, Workload.RegistryCsv(gateways), ct);
        await access.CommandAsync(["registry", "import", csv], ct);
        using var json = JsonDocument.Parse(await access.CommandAsync(["gateway", "create", "--all", "--json"], ct));
        access._secrets = json.RootElement.EnumerateArray()
            .ToDictionary(g => g.GetProperty("gateway").GetString()!, g => g.GetProperty("secret").GetString()!, StringComparer.Ordinal);
        return access;
    }

    /// <summary>A gateway's own login.</summary>
    public (string ClientId, string User, string Password) GatewayLogin(int gateway)
    {
        var name = Workload.NameOf(gateway);
        return (name, name, _secrets[name]);
    }

    /// <summary>Ingest's account may publish for everybody: a few fast connections speak for all gateways.</summary>
    public (string ClientId, string User, string Password) LoadLogin(int connection) => ($"load-{connection}", IngestUser, IngestPassword);

    public void CopyDataTo(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var file in new DirectoryInfo(_data).EnumerateFiles()) file.CopyTo(Path.Combine(directory, file.Name));
    }

    private async Task<string> CommandAsync(IEnumerable<string> arguments, CancellationToken ct)
    {
        await using var command = ServerProcess.Start("Grid", GridServer.Program, arguments, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Grid__DataDirectory"] = _data,
            ["Grid__Broker__Kind"] = "External",
            ["Grid__Broker__User"] = IngestUser,
            ["Grid__Broker__Password"] = IngestPassword,
        });
        var exit = await command.EndAsync(ct);
        return exit == 0 ? command.Output : throw new InvalidOperationException($"grid {string.Join(' ', arguments)} ended with {exit}:\n{command.Output}");
    }
}

/// <summary>Grid as operators run it, roles broker and ingest, in a process that may be killed and started again.</summary>
internal sealed class GridServer : IContender
{
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(90);

    private readonly Dictionary<string, string> _environment;
    private readonly Uri _url;
    private readonly HttpClient _http = new();
    private ServerProcess? _process;

    /// <param name="mosquitto">Null for the embedded broker.</param>
    /// <param name="influx">Null for the embedded store.</param>
    public GridServer(string directory, GridAccess access, MosquittoServer? mosquitto, InfluxServer? influx)
    {
        access.CopyDataTo(directory);
        _url = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        BrokerPort = mosquitto?.Port ?? ServerProcess.FreePort();
        _environment = new(StringComparer.Ordinal)
        {
            ["Grid__Roles"] = mosquitto is null ? "broker,ingest" : "ingest",
            ["Grid__DataDirectory"] = directory,
            ["Grid__Url"] = _url.ToString(),
            ["Grid__Broker__Port"] = BrokerPort.ToString(CultureInfo.InvariantCulture),
            ["Logging__LogLevel__Default"] = "Warning",
        };
        if (mosquitto is not null)
        {
            _environment["Grid__Broker__Kind"] = "External";
            _environment["Grid__Broker__User"] = GridAccess.IngestUser;
            _environment["Grid__Broker__Password"] = access.IngestPassword;
        }

        if (influx is null) return;
        _environment["Grid__Store__Kind"] = "InfluxDb";
        _environment["Grid__Store__Url"] = influx.Url.ToString();
    }

    /// <summary>Where tests/bench/run had it published: compiled ahead, as a city would run it.</summary>
    public static string Program { get; } = System.Environment.GetEnvironmentVariable("GRID_BENCH_SERVER") ?? Path.Combine(
        AppContext.BaseDirectory, "..", "..", "..", "publish", "Grid.Server", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Grid.Server");

    /// <summary>Figures of code that is compiled while it is measured are not those of what a city runs.</summary>
    public static bool IsCompiledAhead()
    {
        using var image = new PEReader(File.OpenRead(Path.GetFullPath(Program) + ".dll"));
        return image.PEHeaders.CorHeader is { ManagedNativeHeaderDirectory.Size: > 0 };
    }

    /// <summary>Another build of it; <see cref="Program"/> unless said.</summary>
    public string Executable { get; init; } = Program;

    /// <summary>What its next start finds in its environment.</summary>
    public IDictionary<string, string> Environment => _environment;

    public Uri Url => _url;

    public bool HasExited => _process is not { HasExited: false };

    public int BrokerPort { get; }

    public TimeSpan Cpu => ProcFs.CpuOf(Id);

    public double PeakMegabytes => ProcFs.PeakMegabytes(Id);

    public double ResidentMegabytes => ProcFs.ResidentMegabytes(Id);

    /// <summary>The last lines that it wrote.</summary>
    public string Output => _process?.Output ?? "";

    public int Id => _process?.Id ?? throw new InvalidOperationException("Grid does not run.");

    public async Task StartAsync(CancellationToken ct)
    {
        Launch();
        await WaitUntilAnswersAsync("ready", ct);
    }

    /// <summary>Starts it where its store may be away, so that it lives but is not ready.</summary>
    public async Task RestartAsync(CancellationToken ct)
    {
        Launch();
        await WaitUntilAnswersAsync("live", ct);
    }

    public async Task KillAsync()
    {
        if (_process is null) return;
        await _process.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>A counter or gauge as Prometheus would scrape it; 0 if it is not there yet.</summary>
    public async Task<double> MetricAsync(string name, CancellationToken ct)
    {
        var text = await _http.GetStringAsync(new Uri(_url, "/metrics"), ct);
        return text.Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal) && (l.Length > name.Length) && l[name.Length] is ' ' or '{')
            .Sum(l => double.Parse(l[(l.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[l.Contains('{', StringComparison.Ordinal) ? 0 : 1], CultureInfo.InvariantCulture));
    }

    /// <summary>Where readings that are not in the store may be: what Grid counted, and its last lines.</summary>
    public async Task<string> AccountAsync(CancellationToken ct)
    {
        var text = await _http.GetStringAsync(new Uri(_url, "/metrics"), ct);
        var counted = text.Split('\n').Where(l => l.StartsWith("grid_ingest_", StringComparison.Ordinal) && !l.EndsWith(" 0", StringComparison.Ordinal)).Select(l => l.Trim());
        return $"{string.Join("; ", counted)}\n{Output}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>Starts it and does not wait.</summary>
    public void Launch() => _process = ServerProcess.Start("Grid", Executable, [], _environment);

    /// <summary>Starts it by another program, which becomes it.</summary>
    public void Launch(string by, params string[] arguments) => _process = ServerProcess.Start("Grid", by, arguments, _environment);

    /// <summary>SIGTERM; returns once it has ended.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;
        await _process.DisposeAsync();
        _process = null;
    }

    private Task WaitUntilAnswersAsync(string state, CancellationToken ct) => _process!.WaitUntilAsync($"was {state}", TimeToStart, async attempt =>
    {
        using var answer = await _http.GetAsync(new Uri(_url, $"/health/{state}"), attempt);
        return answer.IsSuccessStatusCode;
    }, ct);
}
