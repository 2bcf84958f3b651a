namespace Grid.Benchmarks;

/// <summary>InfluxDB away under a steady load behind Mosquitto: Grid's memory meanwhile, and how fast it catches up.</summary>
internal sealed class DrainCase(Bench bench, TimeSpan away)
{
    private const int Gateways = 2_000;
    private const int ReadingsAMessage = 20;
    private const int ReadingsASecond = 10_000;
    private const int Connections = 8;
    private const int Window = 128;
    private const string Row = "Grid behind Mosquitto";
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    public async Task RunAsync(CancellationToken ct)
    {
        var access = await bench.AccessAsync(Gateways, ct);
        bench.Report.Progress($"drain: InfluxDB away for {away.TotalMinutes:0.##} minutes");
        var table = bench.Report.Table($"drain: InfluxDB killed and away for {away.TotalMinutes:0.##} minutes under {ReadingsASecond} readings/s, {ReadingsAMessage} a message; the load goes on while the backlog drains");
        using var directory = bench.NewDirectory();
        await using var influx = await InfluxServer.StartAsync(directory.Of("influx"), ct);
        await using var mosquitto = await MosquittoServer.StartAsync(directory.Of("mosquitto"), access, largeQueue: true, ct);
        await using var grid = new GridServer(directory.Of("grid"), access, mosquitto, influx);
        await grid.StartAsync(ct);
        await mosquitto.WaitForSubscriberAsync(ct);
        await using var publisher = new Publisher(new(mosquitto.Port, bench.Workload(Gateways, ReadingsAMessage), long.MaxValue)
        {
            Connections = Connections, Window = Window, Login = access.LoadLogin, MessagesASecond = (double)ReadingsASecond / ReadingsAMessage,
        });
        await publisher.ConnectAsync(ct);
        var publishing = publisher.RunAsync(ct);
        await Task.Delay(Before, ct);
        table.Add(Row, "MB before", grid.ResidentMegabytes);

        await influx.KillAsync();
        var (peakAway, backlog) = await WatchMemoryAsync(grid, publisher, ct);
        table.Add(Row, "MB away, at the end", grid.ResidentMegabytes);
        table.Add(Row, "MB away, peak", peakAway);
        table.Add(Row, "backlog", backlog);

        await influx.RestartAsync(ct);
        var back = Stopwatch.GetTimestamp();
        await Poll.UntilAsync("the backlog was drained", (away * 2) + TimeSpan.FromMinutes(3), async attempt => await BehindAsync(grid, publisher, attempt) < ReadingsASecond, ct);
        var drained = Stopwatch.GetElapsedTime(back);
        var realTime = ((backlog / drained.TotalSeconds) + ReadingsASecond) / ReadingsASecond;
        table.Add(Row, "drained in s", drained.TotalSeconds);
        table.Add(Row, "x real time", realTime);

        publisher.StopSending();
        await publishing;
        var acknowledged = publisher.Acknowledged * ReadingsAMessage;
        var missing = acknowledged - await WaitForAsync(influx, acknowledged, ct);
        table.Add(Row, "peak MB", grid.PeakMegabytes);
        table.Add(Row, "missing", missing);
        if (missing > 0) bench.Report.Loss($"drain: {missing} of {acknowledged} acknowledged readings are not stored.");
        bench.Report.Goal("drain: Grid's peak MB while InfluxDB is away, at most", peakAway, 400, atLeast: false);
        bench.Report.Goal("drain: times real time, at least", realTime, 5, atLeast: true);
    }

    /// <summary>Readings that got their PUBACK from Mosquitto and are not settled.</summary>
    private static async Task<double> BehindAsync(GridServer grid, Publisher publisher, CancellationToken ct)
    {
        var sent = publisher.Acknowledged * ReadingsAMessage;
        return sent - await grid.MetricAsync("grid_ingest_received_total", ct) + await grid.MetricAsync("grid_ingest_pending", ct);
    }

    private async Task<(double PeakMegabytes, double Backlog)> WatchMemoryAsync(GridServer grid, Publisher publisher, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        double peak = 0;
        while (Stopwatch.GetElapsedTime(start) < away)
        {
            peak = Math.Max(peak, grid.ResidentMegabytes);
            await Task.Delay(500, ct);
        }

        return (peak, await BehindAsync(grid, publisher, ct));
    }

    private static async Task<long> WaitForAsync(InfluxServer influx, long readings, CancellationToken ct)
    {
        var (seen, progressAt) = (-1L, Stopwatch.GetTimestamp());
        while (true)
        {
            var stored = await influx.CountAsync(ct);
            if (stored >= readings) return stored;
            if (stored != seen) (seen, progressAt) = (stored, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(progressAt) > Silence) return stored;
            await Task.Delay(250, ct);
        }
    }
}
