using System.Net.Sockets;

namespace Grid.Benchmarks;

/// <summary>A Mosquitto of its own, with the files that Grid keeps for it.</summary>
internal sealed class MosquittoServer : IAsyncDisposable
{
    /// <summary>Of every subscriber; Mosquitto's default of 20 would hold the bridges back.</summary>
    public const int GenerousInFlight = 2_000;

    private readonly string _configuration;
    private ServerProcess _process;

    private MosquittoServer(string configuration, ServerProcess process, int port) => (_configuration, _process, Port) = (configuration, process, port);

    public int Port { get; }

    public int Id => _process.Id;

    /// <param name="largeQueue">False leaves Mosquitto's default: it drops what a subscriber has not taken beyond 1,000 messages.</param>
    public static async Task<MosquittoServer> StartAsync(string directory, GridAccess access, bool largeQueue, CancellationToken ct, int inFlight = GenerousInFlight)
    {
        Directory.CreateDirectory(directory);
        var port = ServerProcess.FreePort();
        var acl = (await File.ReadAllTextAsync(access.Acl, ct)).Replace("topic readwrite grid/v1/#", "topic readwrite grid/v1/#\ntopic read $SYS/#", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(directory, "acl"), acl, ct);
        File.Copy(access.Passwd, Path.Combine(directory, "passwd"));
        await File.WriteAllTextAsync(Path.Combine(directory, "mosquitto.conf"), $"""
            listener {port} 127.0.0.1
            allow_anonymous false
            password_file {directory}/passwd
            acl_file {directory}/acl
            persistence true
            persistence_location {directory}/
            max_inflight_messages {inFlight}
            {(largeQueue ? "max_queued_messages 10000000" : "")}
            sys_interval 1
            log_dest stderr
            log_type error
            log_type warning
            log_type subscribe
            {(Environment.IsPrivilegedProcess ? "user root" : "")}

            """, ct);
        var configuration = Path.Combine(directory, "mosquitto.conf");
        var server = new MosquittoServer(configuration, Launch(configuration), port);
        await server.WaitUntilReadyAsync(ct);
        return server;
    }

    /// <summary>SIGKILL: it keeps what it had written to its disk.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM.</summary>
    public Task StopAsync() => _process.StopAsync();

    /// <summary>On the same port, with what it kept.</summary>
    public async Task StartAgainAsync(CancellationToken ct)
    {
        await _process.DisposeAsync();
        _process = Launch(_configuration);
        await WaitUntilReadyAsync(ct);
    }

    /// <summary>What is published before the subscription would be lost to every contender.</summary>
    public Task WaitForSubscriberAsync(CancellationToken ct) => _process.WaitUntilAsync(
        "had its subscriber", TimeSpan.FromSeconds(60), _ => Task.FromResult(_process.Output.Contains("grid/v1/+/readings", StringComparison.Ordinal)), ct);

    /// <summary>Messages that it acknowledged to a publisher and did not keep for its subscriber, by its own count.</summary>
    public async Task<long> DroppedAsync(GridAccess access, CancellationToken ct)
    {
        await using var ask = ServerProcess.Start(
            "mosquitto_sub", "mosquitto_sub", ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-u", GridAccess.IngestUser, "-P", access.IngestPassword, "-C", "2", "-W", "2", "-t", "$SYS/broker/publish/messages/dropped"]);
        await ask.EndAsync(ct); // the first is retained, the second is now; without a change there is no second
        return ask.Output.Split('\n').Where(line => long.TryParse(line, CultureInfo.InvariantCulture, out _)).Select(line => long.Parse(line, CultureInfo.InvariantCulture))
            .Cast<long?>().LastOrDefault() ?? throw new InvalidOperationException($"Mosquitto did not tell what it dropped:\n{ask.Output}");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static ServerProcess Launch(string configuration) => ServerProcess.Start("Mosquitto", "mosquitto", ["-c", configuration]);

    private Task WaitUntilReadyAsync(CancellationToken ct) => _process.WaitUntilAsync("answered", TimeSpan.FromSeconds(20), async attempt =>
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, attempt);
        return true;
    }, ct);
}

/// <summary>An InfluxDB of its own, which may be killed and started again on what it has on disk.</summary>
internal sealed class InfluxServer : IAsyncDisposable
{
    private const int MetersAQuery = 100;

    private readonly string _configuration;
    private readonly HttpClient _http;
    private ServerProcess _process;

    private InfluxServer(string configuration, int port)
    {
        (_configuration, Port) = (configuration, port);
        _http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(120) };
        _process = Launch();
    }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}");

    public int Id => _process.Id;

    public static async Task<InfluxServer> StartAsync(string directory, CancellationToken ct)
    {
        Directory.CreateDirectory(directory);
        var port = ServerProcess.FreePort();
        var configuration = Path.Combine(directory, "influxdb.conf");
        await File.WriteAllTextAsync(configuration, $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{ServerProcess.FreePort()}"
            [meta]
            dir = "{directory}/meta"
            [data]
            dir = "{directory}/data"
            wal-dir = "{directory}/wal"
            index-version = "tsi1"
            query-log-enabled = false
            [monitor]
            store-enabled = false
            [http]
            bind-address = "127.0.0.1:{port}"
            log-enabled = false
            [continuous_queries]
            enabled = false
            [logging]
            level = "warn"
            suppress-logo = true

            """, ct);
        var server = new InfluxServer(configuration, port);
        await server.WaitUntilReadyAsync(ct);
        await server.QueryAsync("CREATE DATABASE grid", ct);
        return server;
    }

    public async Task RestartAsync(CancellationToken ct)
    {
        await _process.DisposeAsync();
        _process = Launch();
        await WaitUntilReadyAsync(ct);
    }

    public Task KillAsync() => _process.KillAsync();

    public async Task WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken ct)
    {
        using var body = new ReadOnlyMemoryContent(lines);
        using var answer = await _http.PostAsync(new Uri("/write?db=grid&precision=ms", UriKind.Relative), body, ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Readings that a query finds.</summary>
    public async Task<long> CountAsync(CancellationToken ct) =>
        Rows(await QueryAsync("SELECT count(import_wh) FROM reading", ct)).Sum(row => long.Parse(row[1], CultureInfo.InvariantCulture));

    /// <summary>Points accepted since its start, a counter that costs nothing to read; a point written twice counts twice.</summary>
    public async Task<long> PointsWrittenAsync(CancellationToken ct)
    {
        using var vars = System.Text.Json.JsonDocument.Parse(await _http.GetStringAsync(new Uri("/debug/vars", UriKind.Relative), ct));
        return vars.RootElement.EnumerateObject().Where(p => p.Name.StartsWith("httpd", StringComparison.Ordinal))
            .Sum(p => (long)p.Value.GetProperty("values").GetProperty("pointsWrittenOK").GetDouble());
    }

    /// <summary>Waits until so many can be queried, or until nothing more has come for a while.</summary>
    /// <returns>How many can be queried then.</returns>
    public async Task<long> WaitForAsync(long readings, TimeSpan silence, CancellationToken ct)
    {
        var (seen, progressAt) = (-1L, Stopwatch.GetTimestamp());
        while (true)
        {
            var written = await PointsWrittenAsync(ct);
            if (written >= readings && await CountAsync(ct) is var found && found >= readings) return found;
            if (written != seen) (seen, progressAt) = (written, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(progressAt) > silence) return await CountAsync(ct);
            await Task.Delay(written >= readings ? 250 : 20, ct);
        }
    }

    /// <summary>Every (meter, instant) that is stored.</summary>
    public async Task<HashSet<(string Meter, long AtMs)>> StoredAsync(int gateways, CancellationToken ct)
    {
        HashSet<(string, long)> stored = [];
        foreach (var some in Enumerable.Range(0, gateways).Select(Workload.NameOf).Chunk(MetersAQuery))
        {
            var csv = await QueryAsync($"SELECT import_wh FROM reading WHERE meter =~ /^({string.Join('|', some)})$/ GROUP BY meter", ct);
            foreach (var row in csv.Split('\n').Skip(1).Where(line => line.Length > 0).Select(line => line.Split(',')))
                if (row.Length >= 4 && long.TryParse(row[2], CultureInfo.InvariantCulture, out var at)) stored.Add((row[1]["meter=".Length..], at));
        }

        return stored;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.KillAsync(); // nobody reads these files again, and a clean stop writes them all once more
        await _process.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>Runs a statement on it.</summary>
    public Task AskAsync(string influxQl, CancellationToken ct) => QueryAsync(influxQl, ct);

    private static IEnumerable<string[]> Rows(string csv) => csv.Split('\n').Skip(1).Where(line => line.Length > 0).Select(line => line.Split(',')[2..] is [var time, var value] ? [time, value] : Array.Empty<string>()).Where(row => row.Length == 2);

    private ServerProcess Launch() => ServerProcess.Start("InfluxDB", "influxd", ["-config", _configuration]);

    private Task WaitUntilReadyAsync(CancellationToken ct) => _process.WaitUntilAsync("answered", TimeSpan.FromSeconds(60), async attempt =>
    {
        using var answer = await _http.GetAsync(new Uri("/ping", UriKind.Relative), attempt);
        return answer.IsSuccessStatusCode;
    }, ct);

    private async Task<string> QueryAsync(string influxQl, CancellationToken ct)
    {
        using var form = new FormUrlEncodedContent([new("db", "grid"), new("epoch", "ms"), new("q", influxQl)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/query") { Content = form };
        request.Headers.Accept.ParseAdd("application/csv");
        using var answer = await _http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"InfluxDB answered {(int)answer.StatusCode}: {text}");
    }
}
