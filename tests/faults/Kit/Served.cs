using Grid.Storage;
using Microsoft.Data.Sqlite;

namespace Grid.Faults;

/// <summary>Grid as a process of its own under the steady load of lean gateways, which send again what has no PUBACK.</summary>
internal sealed class Served : IAsyncDisposable
{
    private const int ReadingsAMessage = 4;

    private readonly RowRun _run;
    private readonly string _directory;
    private readonly StoreOptions _store;
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly Workload _workload = new(Neighbourhood.Gateways, ReadingsAMessage, TimeProvider.System.GetUtcNow());
    private Task _publishing = Task.CompletedTask;

    private Served(RowRun run, string directory, StoreOptions store) => (_run, _directory, _store) = (run, directory, store);

    public GridServer Grid { get; private set; } = null!;

    public Publisher Gateways { get; private set; } = null!;

    public MosquittoServer? Mosquitto { get; private set; }

    public InfluxServer? Influx { get; private set; }

    /// <summary>The bad line that gateways connect over, where a row wants one.</summary>
    public ChaosProxy? Line { get; private set; }

    /// <summary>Items that the last process found in its journal.</summary>
    public double PendingAtStart { get; private set; }

    public string Data => Path.Combine(_directory, "grid");

    /// <summary>The build that users run, where tests/faults/run made one.</summary>
    public static string Release => Environment.GetEnvironmentVariable("GRID_FAULTS_RELEASE") ?? GridServer.Program;

    /// <param name="release">The build that users run, not the one with failpoints.</param>
    /// <param name="keepUntilAck">Gateways keep a message until the backend's <c>ack</c>, and send again what it asks for.</param>
    public static async Task<Served> StartAsync(RowRun run, bool release = false, bool keepUntilAck = false, double messagesASecond = 400, bool overLine = false, params (string Key, string Value)[] settings)
    {
        var directory = run.NewDirectory();
        var influx = run.Pair is Pair.MosquittoInflux ? await InfluxServer.StartAsync(Path.Combine(directory, "influx"), run.Stop) : null;
        Served served = new(run, directory, influx is null ? new() : new() { Kind = StoreKind.InfluxDb, Url = influx.Url.ToString() }) { Influx = influx };
        var access = run.Neighbourhood.Access;
        try
        {
            if (influx is not null)
            {
                served._servers.Add(influx);
                served.Mosquitto = await MosquittoServer.StartAsync(Path.Combine(directory, "mosquitto"), access, largeQueue: true, run.Stop);
                served._servers.Add(served.Mosquitto);
            }

            served.Grid = new(served.Data, access, served.Mosquitto, influx) { Executable = release ? Release : GridServer.Program };
            served.Grid.Environment["Grid__Ingest__AckInterval"] = "00:00:01";
            served.Grid.Environment["Grid__Ingest__ReorderWindow"] = "00:00:02";
            foreach (var (key, value) in settings) served.Grid.Environment["Grid__" + key] = value;
            await served.Grid.StartAsync(run.Stop);
            if (served.Mosquitto is { } broker) await broker.WaitForSubscriberAsync(run.Stop);
            if (overLine) served._servers.Add(served.Line = new(served.Grid.BrokerPort, run.Random));
            served.Gateways = new(new(served.Line?.Port ?? served.Grid.BrokerPort, served._workload, long.MaxValue)
            {
                Connections = Neighbourhood.Gateways, Window = 4, MessagesASecond = messagesASecond, KeepUntilAck = keepUntilAck, Login = access.GatewayLogin,
            });
            await served.Gateways.ConnectAsync(run.Stop);
            served._publishing = served.Gateways.RunAsync(run.Stop);
            await served.UntilPubackAsync();
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }

        return served;
    }

    /// <summary>Waits until something more is acknowledged.</summary>
    public async Task UntilPubackAsync()
    {
        var before = Gateways.Acknowledged;
        await Poll.UntilAsync("a PUBACK came", _run.Patience, _ => Task.FromResult(Gateways.Acknowledged > before), _run.Stop);
    }

    /// <summary>SIGKILL, and at once a new process on the same files.</summary>
    /// <returns>How long from its start to its first PUBACK.</returns>
    public async Task<TimeSpan> KillAndRestartAsync()
    {
        await Grid.KillAsync();
        return await RestartAsync();
    }

    public async Task<TimeSpan> RestartAsync()
    {
        var began = Stopwatch.GetTimestamp();
        Grid.Launch();
        if (Mosquitto is null)
        {
            await UntilPubackAsync();
            return Stopwatch.GetElapsedTime(began);
        }

        // Mosquitto acknowledges for itself: what counts is that Grid takes again.
        await Poll.UntilAsync("Grid took messages again", _run.Patience, async attempt => await Grid.MetricAsync("grid_ingest_received_total", attempt) > 0, _run.Stop);
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Kills once more, and remembers what then lay in the journal, so that the last process's numbers can be added up.</summary>
    public async Task<TimeSpan> LastKillAsync()
    {
        await KillAsync();
        return await RestartAsync();
    }

    /// <summary>Kills, and leaves it down.</summary>
    /// <param name="then">What becomes of its files meanwhile.</param>
    public async Task KillAsync(Func<Task>? then = null)
    {
        await Grid.KillAsync();
        if (then is not null) await then();
        PendingAtStart = Pending(CopyOfJournal());
    }

    /// <summary>No new messages; returns once all is acknowledged and settled.</summary>
    public async Task QuiesceAsync()
    {
        Gateways.StopSending();
        await _publishing.WaitAsync(_run.Patience * 2, _run.Stop);
        double received = -1;
        await Poll.UntilAsync("everything was settled", _run.Patience * 2, async attempt =>
        {
            var (before, now) = (received, await Grid.MetricAsync("grid_ingest_received_total", attempt));
            received = now;
            return now == before && await Grid.MetricAsync("grid_ingest_pending", attempt) == 0 && await Grid.MetricAsync("grid_ingest_uncommitted", attempt) == 0 && await StoredAsync(attempt);
        }, _run.Stop);
    }

    /// <summary>Quiesces, holds the stores against what was sent, and adds up the last process's metrics.</summary>
    public async Task JudgeAsync(Grid.FirmwareSim.Acknowledgement by = FirmwareSim.Acknowledgement.PubAck)
    {
        await QuiesceAsync();
        await ConserveAsync();
        Oracle oracle = new();
        oracle.Take(Gateways, _workload);
        await using Stores stores = new(Data, _store);
        await oracle.JudgeAsync(_run, stores.Readings, stores.Quarantine, by);
        await foreach (var gap in stores.Reports.GapsAsync(Instant.MinValue, Instant.MaxValue, openOnly: true, _run.Stop))
            _run.Check(false, $"gap {gap.Missing.From}-{gap.Missing.To} of {gap.Gateway} is open although everything came");
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateways is not null) await Gateways.DisposeAsync();
        if (Grid is not null) await Grid.DisposeAsync();
        foreach (var server in _servers.AsEnumerable().Reverse()) await server.DisposeAsync();
        SqliteConnection.ClearAllPools();
    }

    // Behind Mosquitto all is acknowledged long before it is with Grid.
    private async Task<bool> StoredAsync(CancellationToken ct) => Influx is null || await Influx.CountAsync(ct) >= Gateways.Acknowledged * ReadingsAMessage;

    /// <summary>I2.</summary>
    private async Task ConserveAsync()
    {
        double became = 0;
        foreach (var name in (string[])["stored", "duplicate", "quarantined", "withheld", "set_aside"]) became += await Grid.MetricAsync($"grid_ingest_{name}_total", _run.Stop);
        var received = await Grid.MetricAsync("grid_ingest_received_total", _run.Stop);
        _run.Check(received + PendingAtStart == became, $"received {received} and {PendingAtStart} left by the process before, became {became}");
    }

    private string CopyOfJournal()
    {
        var copy = Directory.CreateDirectory(Path.Combine(_directory, "copy")).FullName;
        foreach (var file in Directory.EnumerateFiles(Data, "journal.db*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        return Path.Combine(copy, "journal.db");
    }

    private static double Pending(string journal)
    {
        using SqliteConnection connection = new($"Data Source={journal};Pooling=False");
        connection.Open();
        using var select = connection.CreateCommand();
        // What was set aside whole goes back at the start.
        select.CommandText = "SELECT (SELECT coalesce(sum(items), 0) FROM groups) + (SELECT coalesce(sum(items), 0) FROM damaged)";
        return (long)select.ExecuteScalar()!;
    }
}
