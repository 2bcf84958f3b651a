namespace Grid.Benchmarks;

/// <summary>The whole path from publisher to query: Grid beside two bridges, and beside InfluxDB fed directly.</summary>
internal sealed class PathCase(Bench bench, int runs, long readings, IReadOnlyList<int> sizes, int inFlight = MosquittoServer.GenerousInFlight, string[]? only = null)
{
    private const int Gateways = 2_000;
    private const int FastConnections = 8;
    private const int FastWindow = 128;
    private const int LinesAPost = 5_000;
    private const string Rate = "readings/s";
    private const string GridCpu = "carrier µs";
    private const string Peak = "carrier peak MB";

    private const string Direct = "InfluxDB fed directly";
    private const string ByMosquitto = "Grid behind Mosquitto";
    private const string ByEmbedded = "Grid, embedded broker";
    private const string Python = "paho-mqtt bridge";
    private const string Shell = "mosquitto_sub | mawk | curl";
    private static readonly string[] Contenders = [Direct, ByMosquitto, ByEmbedded, Python, Shell];
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    public async Task RunAsync(CancellationToken ct)
    {
        var access = await bench.AccessAsync(Gateways, ct);
        List<string> contenders = [.. Contenders.Where(c => only is null or [] || only.Any(o => c.Contains(o, StringComparison.OrdinalIgnoreCase)))];
        foreach (var size in sizes)
        {
            var table = bench.Report.Table($"path: {Figures.Text(readings)} readings, {size} a message; µs are CPU a reading; carrier is what stands between broker and store, the embedded broker included");
            for (var run = 0; run < runs; run++)
            {
                // Every run begins with another one: the machine drifts, and should drift for all.
                foreach (var contender in contenders.Select((_, i) => contenders[(i + run) % contenders.Count]))
                {
                    bench.Report.Progress($"path, {size} a message, run {run + 1}: {contender}");
                    await MeasureAsync(contender, size, access, table, ct);
                }
            }

            Conclude(table, size, contenders);
        }
    }

    private async Task MeasureAsync(string contender, int size, GridAccess access, Table table, CancellationToken ct)
    {
        using var directory = bench.NewDirectory();
        await using var influx = await InfluxServer.StartAsync(directory.Of("influx"), ct);
        var workload = bench.Workload(Gateways, size);
        if (string.Equals(contender, Direct, StringComparison.Ordinal)) await MeasureDirectAsync(influx, workload, table, ct);
        else if (string.Equals(contender, ByEmbedded, StringComparison.Ordinal))
        {
            await using var grid = new GridServer(directory.Of("grid"), access, null, influx);
            await grid.StartAsync(ct);
            var options = new LoadOptions(grid.BrokerPort, workload, readings / size) { Connections = Gateways, Window = 1, Login = access.GatewayLogin };
            await MeasureAsync(contender, options, grid, null, influx, table, ct);
        }
        else
        {
            await using var mosquitto = await MosquittoServer.StartAsync(directory.Of("mosquitto"), access, largeQueue: true, ct, inFlight);
            await using IContender carrier = contender switch
            {
                ByMosquitto => new GridServer(directory.Of("grid"), access, mosquitto, influx),
                Python => new Bridge(directory.Of("bridge"), "/usr/bin/python3", "bridge.py", access, mosquitto, influx),
                _ => new Bridge(directory.Of("bridge"), "sh", "bridge.sh", access, mosquitto, influx),
            };
            await carrier.StartAsync(ct);
            await mosquitto.WaitForSubscriberAsync(ct);
            var options = new LoadOptions(mosquitto.Port, workload, readings / size) { Connections = FastConnections, Window = FastWindow, Login = access.LoadLogin };
            await MeasureAsync(contender, options, carrier, mosquitto, influx, table, ct);
        }
    }

    private async Task MeasureAsync(
        string contender, LoadOptions options, IContender carrier, MosquittoServer? mosquitto, InfluxServer influx, Table table, CancellationToken ct)
    {
        await using var publisher = new Publisher(options);
        await publisher.ConnectAsync(ct);
        var expected = options.Messages * options.Workload.ReadingsAMessage;
        List<(string Name, Func<TimeSpan> Cpu)> watched = [CpuWatch.Publisher, (GridCpu, () => carrier.Cpu), ("InfluxDB µs", () => ProcFs.CpuOf(influx.Id))];
        if (mosquitto is not null) watched.Insert(1, ("Mosquitto µs", () => ProcFs.CpuOf(mosquitto.Id)));
        var cpu = new CpuWatch(watched);
        var start = Stopwatch.GetTimestamp();
        await publisher.RunAsync(ct);
        var found = await influx.WaitForAsync(expected, Silence, ct);
        var elapsed = Stopwatch.GetElapsedTime(start);
        if (found < expected) elapsed -= Silence; // it had given up by then
        table.Add(contender, Rate, found / elapsed.TotalSeconds);
        cpu.Tell(table, contender, expected);
        table.Add(contender, Peak, carrier.PeakMegabytes);
        table.Add(contender, "PUBACK p50 ms", publisher.Latency.PercentileMs(50));
        table.Add(contender, "p99 ms", publisher.Latency.PercentileMs(99));
        table.Add(contender, "missing", expected - found);
        if (found < expected && carrier is GridServer grid)
            bench.Report.Loss($"path: {contender}: {expected - found} of {expected} acknowledged readings were not found. {await grid.AccountAsync(ct)}");
    }

    private async Task MeasureDirectAsync(InfluxServer influx, Workload workload, Table table, CancellationToken ct)
    {
        var bodies = Bodies(workload);
        var cpu = new CpuWatch(CpuWatch.Publisher, ("InfluxDB µs", () => ProcFs.CpuOf(influx.Id)));
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct }, async (body, stop) => await influx.WriteAsync(body, stop));
        var expected = readings / workload.ReadingsAMessage * workload.ReadingsAMessage;
        var found = await influx.WaitForAsync(expected, Silence, ct);
        table.Add(Direct, Rate, found / Stopwatch.GetElapsedTime(start).TotalSeconds);
        cpu.Tell(table, Direct, expected);
        table.Add(Direct, "missing", expected - found);
    }

    private List<ReadOnlyMemory<byte>> Bodies(Workload workload)
    {
        List<ReadOnlyMemory<byte>> bodies = [];
        var messagesABody = LinesAPost / workload.ReadingsAMessage;
        var lines = new byte[messagesABody * workload.MaxLinesBytes];
        for (long message = 0; message < readings / workload.ReadingsAMessage;)
        {
            var filled = 0;
            for (var i = 0; i < messagesABody && message < readings / workload.ReadingsAMessage; i++) filled += workload.WriteLines(message++, lines.AsSpan(filled));
            bodies.Add(lines.AsMemory(0, filled).ToArray());
        }

        return bodies;
    }

    private void Conclude(Table table, int size, List<string> measured)
    {
        var fastest = Math.Max(table.Median(Python, Rate), table.Median(Shell, Rate));
        foreach (var row in (string[])[ByMosquitto, ByEmbedded])
        {
            table.Add(row, "x fastest bridge", table.Median(row, Rate) / fastest);
            table.Add(row, "x direct", table.Median(row, Rate) / table.Median(Direct, Rate));
        }

        var many = size >= 20;
        Goal("Grid behind Mosquitto, times the fastest bridge, at least", table.Median(ByMosquitto, Rate) / fastest, many ? 1.5 : 1.25, true, ByMosquitto, Python, Shell);
        if (many) Goal("Grid behind Mosquitto, times InfluxDB fed directly, at least", table.Median(ByMosquitto, Rate) / table.Median(Direct, Rate), 0.5, true, ByMosquitto, Direct);
        Goal("Grid's CPU µs a reading, at most", table.Median(ByMosquitto, GridCpu), many ? 4 : 22, false, ByMosquitto);
        Goal("Grid's peak MB behind Mosquitto, at most", table.Max(ByMosquitto, Peak), many ? 320 : 150, false, ByMosquitto);
        Goal("Grid's peak MB with the embedded broker, at most", table.Max(ByEmbedded, Peak), many ? 320 : 150, false, ByEmbedded);

        // What was left out by --only is neither met nor missed.
        void Goal(string what, double figure, double bound, bool atLeast, params string[] of)
        {
            if (of.All(measured.Contains)) bench.Report.Goal($"path, {size} a message: {what}", figure, bound, atLeast);
        }
    }
}
