namespace Grid.Benchmarks;

/// <summary>
/// Grid alone: embedded broker and embedded store, 2,000 gateways that each wait for a PUBACK before the next message. At a steady rate: as fast as PUBACKs
/// come, the mean wait is 2,000 divided by the messages a second, and says nothing else.
/// </summary>
/// <param name="rate">Readings a second; 0 for as fast as PUBACKs come.</param>
internal sealed class EmbeddedCase(Bench bench, int runs, TimeSpan length, int rate = EmbeddedCase.UsualRate)
{
    public const int UsualRate = 32_000;

    private const int Gateways = 2_000;
    private const int ReadingsAMessage = 20;
    private const string Row = "Grid, embedded broker and store";
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    public async Task RunAsync(CancellationToken ct)
    {
        var access = await bench.AccessAsync(Gateways, ct);
        var table = bench.Report.Table($"embedded: {length.TotalMinutes:0.##} minutes, {Gateways} gateways x window 1, {ReadingsAMessage} readings a message, {(rate > 0 ? $"{Figures.Text(rate)} readings/s" : "as fast as PUBACKs come")}");
        for (var run = 0; run < runs; run++)
        {
            bench.Report.Progress($"embedded, run {run + 1}");
            await MeasureAsync(access, table, ct);
        }

        bench.Report.Goal("embedded: readings/s stored, at least", table.Median(Row, "stored/s"), 30_000, atLeast: true);
        bench.Report.Goal("embedded: PUBACK p99 ms, at most", table.Median(Row, "p99 ms"), 250, atLeast: false);
        bench.Report.Goal("embedded: Grid's peak MB, at most", table.Max(Row, "Grid peak MB"), 320, atLeast: false);
    }

    private async Task MeasureAsync(GridAccess access, Table table, CancellationToken ct)
    {
        using var directory = bench.NewDirectory();
        await using var grid = new GridServer(directory.Of("grid"), access, null, null);
        await grid.StartAsync(ct);
        await using var publisher = new Publisher(new(grid.BrokerPort, bench.Workload(Gateways, ReadingsAMessage), long.MaxValue)
        {
            Connections = Gateways, Window = 1, Login = access.GatewayLogin, MessagesASecond = rate > 0 ? (double)rate / ReadingsAMessage : null,
        });
        await publisher.ConnectAsync(ct);
        var cpu = new CpuWatch(CpuWatch.Publisher, ("Grid µs", () => grid.Cpu));
        var start = Stopwatch.GetTimestamp();
        var publishing = publisher.RunAsync(ct);
        await Task.WhenAny(publishing, Task.Delay(length, ct));
        publisher.StopSending();
        await publishing;
        var acknowledged = publisher.Acknowledged * ReadingsAMessage;
        var publishingFor = Stopwatch.GetElapsedTime(start);
        var stored = await WaitForAsync(grid, acknowledged, ct);
        table.Add(Row, "acknowledged/s", acknowledged / publishingFor.TotalSeconds);
        table.Add(Row, "stored/s", stored / Stopwatch.GetElapsedTime(start).TotalSeconds);
        cpu.Tell(table, Row, acknowledged);
        table.Add(Row, "Grid peak MB", grid.PeakMegabytes);
        table.Add(Row, "PUBACK p50 ms", publisher.Latency.PercentileMs(50));
        table.Add(Row, "p99 ms", publisher.Latency.PercentileMs(99));
        table.Add(Row, "missing", acknowledged - stored);
        if (stored < acknowledged) bench.Report.Loss($"embedded: {acknowledged - stored} of {acknowledged} acknowledged readings were not stored within {Silence.TotalSeconds} s without progress. {await grid.AccountAsync(ct)}");
    }

    private static async Task<long> WaitForAsync(GridServer grid, long readings, CancellationToken ct)
    {
        var (seen, progressAt) = (-1L, Stopwatch.GetTimestamp());
        while (true)
        {
            var stored = (long)await grid.MetricAsync("grid_ingest_stored_total", ct);
            if (stored >= readings) return stored;
            if (stored != seen) (seen, progressAt) = (stored, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(progressAt) > Silence) return stored;
            await Task.Delay(50, ct);
        }
    }
}
