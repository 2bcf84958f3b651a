namespace Grid.Faults;

internal sealed class F14LateAnswer : Row
{
    public override string Id => "F14";

    public override string Sentence => "the store writes and its answer is never heard: written again, and nothing counts twice";

    public override IReadOnlyList<(Pair Pair, int N)> On => [(Pair.MosquittoInflux, 20)];

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var behind = await Behind.StartAsync(run);
        Lock chance = new();
        behind.Proxy.Next = () =>
        {
            lock (chance) return run.Random.Next(2) == 0 ? Misdeed.WriteAndHangUp : Misdeed.None;
        };
        await using var core = await Core.StartAsync(run, new() { Store = behind.Options });
        var gateways = FakeGateway.Many(run, oracle, 4);
        for (var message = 0; message < 60; message++)
        {
            var gateway = gateways[message % gateways.Count];
            Message next;
            lock (chance) next = gateway.Next();
            await gateway.SendAsync(core, next);
            if (message % 10 == 9) await core.QuiesceAsync();
        }

        await core.JudgeAsync(oracle);
        run.Count("unheard answers", behind.Proxy.Misdeeds);
        run.Check(core.Counters.Of("stored") + core.Counters.Of("duplicate") == oracle.AcknowledgedItems, "stored and duplicates are not what came");
    }
}
