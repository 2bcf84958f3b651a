namespace Grid.Faults;

internal sealed class F16StoreWiped : Row
{
    public override string Id => "F16";

    public override string Sentence => "the store loses all that it had while ingest runs: what is still in the journal and what comes after is stored, nothing is refused (what was trimmed is the backup's to bring back)";

    public override IReadOnlyList<(Pair Pair, int N)> On => [(Pair.MosquittoInflux, 2)];

    public override async Task RunAsync(RowRun run)
    {
        await using var behind = await Behind.StartAsync(run);
        await using var core = await Core.StartAsync(run, new() { Store = behind.Options });
        Oracle before = new(), after = new();
        var gateways = FakeGateway.Many(run, before, 4);
        foreach (var gateway in gateways) await gateway.SendAsync(core, gateway.Next());
        await core.QuiesceAsync();

        behind.Proxy.Next = () => Misdeed.Fail;
        List<FakeGateway> later = [.. gateways.Select((g, i) => new FakeGateway(run, after, i) { At = g.At + Duration.FromHours(1), Wh = g.Wh })];
        foreach (var gateway in later) await gateway.SendAsync(core, gateway.Next());
        await behind.Influx.AskAsync("DROP DATABASE grid", run.Stop);
        await behind.Influx.AskAsync("CREATE DATABASE grid", run.Stop);
        behind.Proxy.Next = () => Misdeed.None;
        foreach (var gateway in later) await gateway.SendAsync(core, gateway.Next());
        await core.JudgeAsync(after);
        run.Check(core.Counters.Of("quarantined") == 0, "readings were refused after the store had lost what lay before them");
    }
}
