namespace Grid.Faults;

internal sealed class F08JournalDiskFull : Row
{
    private const int Megabytes = 8;

    public override string Id => "F08";

    public override string Sentence => "the journal's disk is full: no PUBACK, the store can still be read, and all goes on by itself once there is room";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(5);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var disk = await SmallDisk.MountAsync(Path.Combine(run.NewDirectory(), "disk"), Megabytes, run.Stop);
        await using var core = await Core.StartAsync(run, new() { JournalIn = disk.Path });
        var gateways = FakeGateway.Many(run, oracle, 4);
        foreach (var gateway in gateways) run.Check(await gateway.SendAsync(core, gateway.Next()), "no PUBACK while there was room");
        await core.QuiesceAsync();

        disk.Fill();
        Queue<(FakeGateway Gateway, Message Message)> refused = new();
        for (var message = 0; message < 200 && refused.Count < 5; message++)
        {
            var gateway = gateways[message % gateways.Count];
            var next = gateway.Next(200);
            if (!await gateway.SendAsync(core, next)) refused.Enqueue((gateway, next));
        }

        run.Check(refused.Count == 5, "it acknowledged on a full disk");
        run.Check((await core.Store.LatestAsync([gateways[0].Meter], run.Stop)).Count == 1, "the store could not be read");
        run.Check(core.Journal.Broken is null, "a full disk broke the journal for good");
        disk.Free();
        while (refused.TryDequeue(out var again)) run.Check(await again.Gateway.SendAsync(core, again.Message), "it does not take messages again");
        await core.JudgeAsync(oracle);
    }
}
