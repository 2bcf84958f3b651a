namespace Grid.Faults;

internal sealed class F09StoreDiskFull : Row
{
    public override string Id => "F09";

    public override string Sentence => "the store's disk is full: the journal grows and acknowledges up to its bound, then pushes back and drops nothing; it drains once there is room";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(2);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var disk = await SmallDisk.MountAsync(Path.Combine(run.NewDirectory(), "disk"), 8, run.Stop);
        run.Neighbourhood.CopyTo(disk.Path);
        await using var core = await Core.StartAsync(run, new()
        {
            Data = disk.Path, JournalIn = run.NewDirectory(), Ingest = new() { JournalMaxBytes = 1 << 20, AckInterval = TimeSpan.Zero },
        });
        var gateways = FakeGateway.Many(run, oracle, 4);
        foreach (var gateway in gateways) await gateway.SendAsync(core, gateway.Next());
        await core.QuiesceAsync();

        disk.Fill();
        List<(FakeGateway Gateway, Message Message)> refused = [];
        var acknowledged = 0;
        for (var message = 0; message < 300 && refused.Count < 5; message++)
        {
            var gateway = gateways[message % gateways.Count];
            var next = gateway.Next(200);
            if (await gateway.SendAsync(core, next)) acknowledged++;
            else refused.Add((gateway, next));
        }

        run.Check(acknowledged > 20, $"only {acknowledged} messages were acknowledged while the store was full");
        run.Check(refused.Count == 5, "the journal never came to its bound");
        disk.Free();
        await Poll.UntilAsync("the journal drained", run.Patience, _ => Task.FromResult(core.Journal.PendingItems == 0), run.Stop);
        foreach (var (gateway, message) in refused) run.Check(await gateway.SendAsync(core, message), "it does not take messages again");
        await core.JudgeAsync(oracle);
        run.Count("acknowledged while full", acknowledged);
    }
}
