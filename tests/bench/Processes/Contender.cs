namespace Grid.Benchmarks;

/// <summary>What carries readings from the broker to the store: Grid, or a bridge beside it.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>CPU time so far of all its processes.</summary>
    TimeSpan Cpu { get; }

    double PeakMegabytes { get; }

    Task StartAsync(CancellationToken ct);
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
        Directory.CreateDirectory(directory);
        string[] arguments =
        [
            interpreter, Path.Combine(AppContext.BaseDirectory, "bridges", script),
            Text(mosquitto.Port), GridAccess.IngestUser, access.IngestPassword, Text(influx.Port), directory,
        ];
        _process = ServerProcess.Start(script, "setsid", arguments);
        return mosquitto.WaitForSubscriberAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        foreach (var process in ProcFs.InSession(Leader).Except([Leader])) Stop(process);
        await _process.DisposeAsync();
    }

    private static void Stop(int process)
    {
        try
        {
            Signals.AskToStop(process);
        }
        catch (InvalidOperationException)
        {
            // It ended with the one before it in the pipeline.
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
