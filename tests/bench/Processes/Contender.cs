namespace Grid.Benchmarks;

/// <summary>What carries readings from the broker to the store: Grid, or a bridge beside it.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>CPU time so far of all its processes.</summary>
    TimeSpan Cpu { get; }

    double PeakMegabytes { get; }

    /// <summary>Returns once it takes messages.</summary>
    Task StartAsync(CancellationToken ct);

    /// <summary>SIGKILL to all of it.</summary>
    Task KillAsync();

    /// <summary>Starts it after a kill, where its store may be away.</summary>
    Task RestartAsync(CancellationToken ct);
}

/// <summary>One of the scripts in <c>bridges/</c>, in a session of its own, so that its pipeline is counted and stopped as a whole.</summary>
internal sealed class Bridge(string directory, string interpreter, string script, GridAccess access, MosquittoServer mosquitto, InfluxServer influx) : IContender
{
    private ServerProcess? _process;

    public TimeSpan Cpu => ProcFs.CpuOfSession(Leader);

    public double PeakMegabytes => ProcFs.PeakMegabytesOfSession(Leader);

    private int Leader => _process?.Id ?? throw new InvalidOperationException("The bridge does not run.");

    public Task StartAsync(CancellationToken ct)
    {
        Launch();
        return mosquitto.WaitForSubscriberAsync(ct);
    }

    public Task RestartAsync(CancellationToken ct)
    {
        Launch();
        return Task.CompletedTask; // its session is still there
    }

    public async Task KillAsync()
    {
        if (_process is null) return;
        foreach (var process in ProcFs.InSession(Leader).Except([Leader])) Signal(process, Signals.Kill);
        await _process.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    private void Launch()
    {
        Directory.CreateDirectory(directory);
        string[] arguments =
        [
            interpreter, Path.Combine(AppContext.BaseDirectory, "bridges", script),
            Text(mosquitto.Port), GridAccess.IngestUser, access.IngestPassword, Text(influx.Port), directory,
        ];
        _process = ServerProcess.Start(script, "setsid", arguments);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        foreach (var process in ProcFs.InSession(Leader).Except([Leader])) Signal(process, Signals.AskToStop);
        await _process.DisposeAsync();
    }

    private static void Signal(int process, Action<int> signal)
    {
        try
        {
            signal(process);
        }
        catch (InvalidOperationException)
        {
            // It ended with the one before it in the pipeline.
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
