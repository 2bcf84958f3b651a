namespace Grid.Faults;

internal sealed class F13StoreMisbehaves : Row
{
    public override string Id => "F13";

    public override string Sentence => "the store takes requests and never answers, or answers 500 or 429: PUBACKs go on, no threads pile up, all is stored in the end";

    public override IReadOnlyList<(Pair Pair, int N)> On => [(Pair.MosquittoInflux, 6)];

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var behind = await Behind.StartAsync(run);
        await using var core = await Core.StartAsync(run, new() { Store = behind.Options, StorePatience = TimeSpan.FromSeconds(1), ByMqtt = true });
        var gateways = FakeGateway.Many(run, oracle, 8);
        foreach (var gateway in gateways) await gateway.SendAsync(core, gateway.Next());
        await core.QuiesceAsync();

        var misdeed = ((Misdeed[])[Misdeed.Hang, Misdeed.Fail, Misdeed.TooMany])[run.Seed % 3];
        behind.Proxy.Next = () => misdeed;
        var threads = Process.GetCurrentProcess().Threads.Count;
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(3))
        {
            var gateway = gateways[run.Random.Next(gateways.Count)];
            run.Check(await gateway.SendAsync(core, gateway.Next()), "a message was not acknowledged");
            await Task.Delay(20, run.Stop);
        }

        run.Show("threads more", Process.GetCurrentProcess().Threads.Count - threads);
        run.Check(Process.GetCurrentProcess().Threads.Count - threads <= 16, "threads pile up");
        run.Check(behind.Proxy.Misdeeds > 0, "the store was never asked");
        behind.Proxy.Next = () => Misdeed.None;
        await core.JudgeAsync(oracle);
    }
}
