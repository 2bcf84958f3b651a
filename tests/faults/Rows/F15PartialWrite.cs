using Grid.FirmwareSim;

namespace Grid.Faults;

internal sealed class F15PartialWrite : Row
{
    public override string Id => "F15";

    public override string Sentence => "1 to 50 readings of 5,000 that InfluxDB will never take (field type conflict, beyond retention): they are quarantined with its words, all others stored";

    public override IReadOnlyList<(Pair Pair, int N)> On => [(Pair.MosquittoInflux, 20)];

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var core = await Core.StartAsync(run, new() { Settles = false });
        var influx = core.Influx!;
        List<Message> messages = [];
        var byRetention = run.Seed % 2 == 0;
        var bad = run.Random.Next(1, 51);
        FakeGateway gateway = new(run, oracle, run.Random.Next(Neighbourhood.Gateways));
        gateway.At -= Duration.FromDays(20); // 40 days old, within our bound
        if (byRetention) await influx.AskAsync("ALTER RETENTION POLICY autogen ON grid DURATION 30d SHARD DURATION 1h DEFAULT", run.Stop);
        else
        {
            await influx.AskAsync("ALTER RETENTION POLICY autogen ON grid SHARD DURATION 1h DEFAULT", run.Stop);
            // In that hour's shard the field is a text already.
            await influx.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"reading,meter=other import_wh=\"text\" {gateway.At.ToUnixTimeMilliseconds()}\n"), run.Stop);
            bad = Math.Min(bad, 60 - (int)(gateway.At.ToUnixTimeSeconds() / 60 % 60));
        }

        List<ScriptReading> all = [];
        for (var reading = 0; reading < 5_000; reading++)
        {
            if (reading == bad) gateway.At += Duration.FromDays(15); // young enough, and in another shard
            var next = gateway.Advance();
            all.Add(reading < bad ? next with { Expected = (Fate)(1 << 30) } : next);
        }

        // In any order, as a batch that brings many gateways' readings has them.
        foreach (var some in all.OrderBy(_ => run.Random.Next()).Chunk(250)) messages.Add(gateway.Next(some));
        foreach (var message in messages) await gateway.SendAsync(core, message);
        await core.SettleAsync();
        await core.JudgeAsync(oracle);
        run.Count("bad", bad);
        List<QuarantinedItem> refused = [];
        await foreach (var item in core.Get<IQuarantine>().ReadAsync(new(), run.Stop)) refused.Add(item);
        run.Check(refused.Count == bad && refused.All(i => i.Reason is Reason.RefusedByStore && i.Detail.Length > 0), $"{refused.Count} quarantined of {bad} bad ones, such as {refused.FirstOrDefault()?.Reason}: {refused.FirstOrDefault()?.Detail}");
        run.Check(core.Counters.Of("stored") == 5_000 - bad, $"{core.Counters.Of("stored")} stored of {5_000 - bad} good ones");
    }
}
