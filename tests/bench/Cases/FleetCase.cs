namespace Grid.Benchmarks;

/// <summary>Gateways that are merely connected, and then say one thing each.</summary>
internal sealed class FleetCase(Bench bench, int gateways)
{
    private const int Descriptors = 300; // that both sides need beside their connections
    private const int MessagesASecond = 1_000;

    public async Task RunAsync(CancellationToken ct)
    {
        var fits = Math.Min(gateways, OpenFilesLimit() - Descriptors);
        if (fits < gateways) bench.Report.Progress($"fleet: the limit of open files allows {fits} of {gateways} gateways; raise it with ulimit -Hn");
        var access = await bench.AccessAsync(fits, ct);
        bench.Report.Progress($"fleet: connecting {fits} gateways");
        var row = $"{fits} gateways";
        var table = bench.Report.Table("fleet: gateways connected to the embedded broker, then one message of each");
        using var directory = bench.NewDirectory();
        await using var grid = new GridServer(directory.Of("grid"), access, null, null);
        await grid.StartAsync(ct);
        table.Add(row, "MB before", grid.ResidentMegabytes);
        await using var publisher = new Publisher(new(grid.BrokerPort, bench.Workload(fits, 20), fits)
        {
            Connections = fits, Window = 1, Login = access.GatewayLogin, MessagesASecond = MessagesASecond,
        });
        var cpu = grid.Cpu;
        var start = Stopwatch.GetTimestamp();
        await publisher.ConnectAsync(ct);
        table.Add(row, "connects/s", fits / Stopwatch.GetElapsedTime(start).TotalSeconds);
        table.Add(row, "Grid µs a connect", (grid.Cpu - cpu).TotalMicroseconds / fits);
        table.Add(row, "MB connected", grid.ResidentMegabytes);
        await publisher.RunAsync(ct);
        table.Add(row, "still connected", publisher.Connected);
        table.Add(row, "PUBACK p99 ms", publisher.Latency.PercentileMs(99));
        table.Add(row, "peak MB", grid.PeakMegabytes);
        bench.Report.Goal($"fleet: Grid's peak MB with {fits} gateways, at most", grid.PeakMegabytes, 600, atLeast: false);
        if (fits < gateways) bench.Report.Goal("fleet: gateways connected, at least", fits, gateways, atLeast: true);
    }

    private static int OpenFilesLimit()
    {
        var line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        return int.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture, out var soft) ? soft : int.MaxValue;
    }
}
