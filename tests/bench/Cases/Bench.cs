namespace Grid.Benchmarks;

/// <summary>What every case needs: where to put files, whom to tell, and when it is.</summary>
internal sealed class Bench(string directory, Report report, TimeProvider clock)
{
    private readonly Dictionary<int, GridAccess> _access = [];
    private int _directories;

    public Report Report { get; } = report;

    public Workload Workload(int gateways, int readingsAMessage) => new(gateways, readingsAMessage, clock.GetUtcNow());

    /// <summary>Registered once for all cases with as many gateways.</summary>
    public async Task<GridAccess> AccessAsync(int gateways, CancellationToken ct)
    {
        if (_access.TryGetValue(gateways, out var made)) return made;
        Report.Progress($"registering {gateways} gateways");
        return _access[gateways] = await GridAccess.CreateAsync(Path.Combine(directory, $"access-{++_directories}"), gateways, ct);
    }

    /// <summary>A directory that is deleted with its disposal.</summary>
    public RunDirectory NewDirectory() => new(Path.Combine(directory, $"run-{++_directories}"));
}

internal sealed class RunDirectory : IDisposable
{
    public RunDirectory(string path)
    {
        Root = path;
        Directory.CreateDirectory(path);
    }

    public string Root { get; }

    public string Of(string name) => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>CPU microseconds a reading of whoever shared the two cores, from its creation on.</summary>
internal sealed class CpuWatch
{
    private readonly List<(string Name, Func<TimeSpan> Cpu, TimeSpan Before)> _watched;

    public CpuWatch(params IEnumerable<(string Name, Func<TimeSpan> Cpu)> watched) =>
        _watched = [.. watched.Select(w => (w.Name, w.Cpu, w.Cpu()))];

    public static (string Name, Func<TimeSpan> Cpu) Publisher => ("publisher µs", () => Environment.CpuUsage.TotalTime);

    public void Tell(Table table, string row, long readings)
    {
        foreach (var (name, cpu, before) in _watched) table.Add(row, name, (cpu() - before).TotalMicroseconds / readings);
    }
}
