namespace Grid.Benchmarks;

/// <summary>What was acknowledged and is missing after a fault under load: 1,000 messages a second, a reading each, from 200 gateways.</summary>
internal sealed class OutageCase(Bench bench, int runs, TimeSpan length, bool bridges, bool worstOnly = false)
{
    private const int Gateways = 200;
    private const int MessagesASecond = 1_000;
    private const int Window = 32;
    private const string Missing = "acknowledged, missing";
    private static readonly TimeSpan GridSilence = TimeSpan.FromSeconds(45); // longer than the longest wait between two of its tries
    private static readonly TimeSpan BridgeSilence = TimeSpan.FromSeconds(10); // they try five times a second, or never again
    private static readonly TimeSpan TimeToFinish = TimeSpan.FromMinutes(4);

    private enum Fault
    {
        Killed = 1,
        InfluxAway = 2,
        KilledWhileInfluxAway = 3,
    }

    private enum Setup
    {
        GridEmbeddedBroker = 1,
        GridLargeQueue = 2,
        GridDefaultQueueAndKeepers = 3,
        PythonBridge = 4,
        ShellBridge = 5,
    }

    public async Task RunAsync(CancellationToken ct)
    {
        var access = await bench.AccessAsync(Gateways, ct);
        var table = bench.Report.Table($"outage: {MessagesASecond} messages/s for {length.TotalSeconds} s, InfluxDB killed and away for {AwayFor.TotalSeconds:0.#} s");
        List<Setup> setups = [Setup.GridEmbeddedBroker, Setup.GridLargeQueue, Setup.GridDefaultQueueAndKeepers];
        if (bridges) setups.AddRange([Setup.PythonBridge, Setup.ShellBridge]);
        double missing = 0;
        foreach (var setup in setups)
        foreach (var fault in worstOnly ? [Fault.KilledWhileInfluxAway] : Enum.GetValues<Fault>())
        {
            var row = $"{NameOf(setup)}: {NameOf(fault)}";
            for (var run = 0; run < runs; run++)
            {
                bench.Report.Progress($"outage, run {run + 1}: {row}");
                await MeasureAsync(setup, fault, row, access, table, ct);
            }

            if (setup <= Setup.GridDefaultQueueAndKeepers) missing += table.Max(row, Missing);
        }

        bench.Report.Goal("outage: acknowledged readings that Grid lost, at most", missing, 0, atLeast: false);
    }

    private TimeSpan AwayFor => length * (2d / 3);

    private static string NameOf(Setup setup) => setup switch
    {
        Setup.GridEmbeddedBroker => "Grid, embedded broker",
        Setup.GridLargeQueue => "Grid, Mosquitto with a large queue",
        Setup.GridDefaultQueueAndKeepers => "Grid, Mosquitto's default queue, gateways keep until ack",
        Setup.PythonBridge => "paho-mqtt bridge, large queue",
        _ => "mosquitto_sub | mawk | curl, large queue",
    };

    private static string NameOf(Fault fault) => fault switch
    {
        Fault.Killed => "killed",
        Fault.InfluxAway => "InfluxDB away",
        _ => "killed while InfluxDB is away",
    };

    private static IContender CarrierOf(Setup setup, RunDirectory directory, GridAccess access, MosquittoServer? mosquitto, InfluxServer influx) => setup switch
    {
        Setup.PythonBridge => new Bridge(directory.Of("bridge"), "/usr/bin/python3", "bridge.py", access, mosquitto!, influx),
        Setup.ShellBridge => new Bridge(directory.Of("bridge"), "sh", "bridge.sh", access, mosquitto!, influx),
        _ => new GridServer(directory.Of("grid"), access, mosquitto, influx),
    };

    private async Task MeasureAsync(Setup setup, Fault fault, string row, GridAccess access, Table table, CancellationToken ct)
    {
        using var directory = bench.NewDirectory();
        await using var influx = await InfluxServer.StartAsync(directory.Of("influx"), ct);
        var keep = setup is Setup.GridDefaultQueueAndKeepers;
        await using var mosquitto = setup is Setup.GridEmbeddedBroker ? null : await MosquittoServer.StartAsync(directory.Of("mosquitto"), access, largeQueue: !keep, ct);
        await using var carrier = CarrierOf(setup, directory, access, mosquitto, influx);
        await carrier.StartAsync(ct);
        if (mosquitto is not null) await mosquitto.WaitForSubscriberAsync(ct);

        var workload = bench.Workload(Gateways, 1);
        await using var publisher = new Publisher(new(mosquitto?.Port ?? ((GridServer)carrier).BrokerPort, workload, (long)(length.TotalSeconds * MessagesASecond))
        {
            Connections = Gateways, Window = Window, Login = access.GatewayLogin, MessagesASecond = MessagesASecond, KeepUntilAck = keep,
        });
        await publisher.ConnectAsync(ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(length + TimeToFinish);
        var finished = true;
        var publishing = publisher.RunAsync(patience.Token);
        await HappenAsync(fault, carrier, influx, ct);
        var mended = Stopwatch.GetTimestamp();
        try
        {
            await publishing;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            finished = false;
        }

        var allStored = await WaitForAsync(influx, publisher.Sent, carrier is GridServer ? GridSilence : BridgeSilence, ct);
        var storedAfter = Stopwatch.GetElapsedTime(mended);
        table.Add(row, "sent", publisher.Sent);
        table.Add(row, "acknowledged", publisher.Acknowledged);
        var stored = await influx.StoredAsync(Gateways, ct);
        table.Add(row, "stored", stored.Count);
        var missing = publisher.AcknowledgedMessages().Count(m => !stored.Contains((Workload.NameOf(workload.GatewayOf(m)), workload.InstantsOf(m).First())));
        table.Add(row, Missing, missing);
        table.Add(row, "sent again", publisher.Resent);
        if (allStored) table.Add(row, "all stored after s", storedAfter.TotalSeconds);
        if (mosquitto is not null) table.Add(row, "acknowledged and dropped by Mosquitto", await mosquitto.DroppedAsync(access, ct));
        if (carrier is not GridServer) return;
        if (missing > 0) bench.Report.Loss($"outage: {row}: {missing} acknowledged readings are not stored.");
        if (!finished) bench.Report.Loss($"outage: {row}: gateways still waited for PUBACK or ack after {TimeToFinish.TotalMinutes} minutes.");
    }

    /// <summary>Lets the fault happen after a sixth of the load, and mends it.</summary>
    private async Task HappenAsync(Fault fault, IContender carrier, InfluxServer influx, CancellationToken ct)
    {
        await Task.Delay(length / 6, ct);
        if (fault is Fault.Killed)
        {
            await carrier.KillAsync();
            await carrier.RestartAsync(ct);
            return;
        }

        var away = Stopwatch.GetTimestamp();
        await influx.KillAsync();
        if (fault is Fault.KilledWhileInfluxAway)
        {
            await Task.Delay(AwayFor / 2, ct);
            await carrier.KillAsync();
            await carrier.RestartAsync(ct);
        }

        if (AwayFor - Stopwatch.GetElapsedTime(away) is { Ticks: > 0 } rest) await Task.Delay(rest, ct);
        await influx.RestartAsync(ct);
    }

    /// <returns>False where nothing more came for a while.</returns>
    private static async Task<bool> WaitForAsync(InfluxServer influx, long readings, TimeSpan silence, CancellationToken ct)
    {
        var (seen, progressAt) = (-1L, Stopwatch.GetTimestamp());
        while (true)
        {
            var stored = await influx.CountAsync(ct);
            if (stored >= readings) return true;
            if (stored != seen) (seen, progressAt) = (stored, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(progressAt) > silence) return false;
            await Task.Delay(250, ct);
        }
    }
}
