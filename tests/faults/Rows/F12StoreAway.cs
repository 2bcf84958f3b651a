namespace Grid.Faults;

internal sealed class F12StoreAway : Row
{
    private const int Messages = 400;

    public override string Id => "F12";

    public override string Sentence => "the store is away: PUBACKs go on as fast, nothing is said to be stored, and the backlog drains by itself";

    public override IReadOnlyList<(Pair Pair, int N)> On => Both(8, 3);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        FaultyStore? store = null;
        await using var core = await Core.StartAsync(run, new() { StoreFaults = inner => store = new(inner) });
        var gateways = FakeGateway.Many(run, oracle, 8);
        await core.Store.CheckAsync(run.Stop);
        await SendAsync(run, core, gateways, 50); // warm
        var baseline = await SendAsync(run, core, gateways, Messages);
        await core.QuiesceAsync();
        await Poll.UntilAsync("all was acknowledged", run.Patience, _ => Task.FromResult(gateways.All(g => core.Mail.StoredThrough(g.Name) > 0)), run.Stop);
        var before = await core.Get<ILedger>().SequencesAsync(run.Stop);

        if (core.Influx is { } influx) await influx.KillAsync();
        else store!.Before = _ => throw new IOException("the store is away");
        var away = await SendAsync(run, core, gateways, Messages);
        await Task.Delay(run.Milliseconds(500, 1_500), run.Stop); // long enough for it to have tried
        var meanwhile = await core.Get<ILedger>().SequencesAsync(run.Stop);
        run.Check(before.All(b => meanwhile[b.Key].StoredThrough == b.Value.StoredThrough), "messages are noted as stored while the store is away");
        run.Check(away <= Math.Max(baseline * 2, 50), $"PUBACK p99 {away:0.0} ms while the store was away, {baseline:0.0} ms before");
        if (core.Influx is not null) await core.Influx.RestartAsync(run.Stop);
        else store!.Before = _ => Task.CompletedTask;

        var began = Stopwatch.GetTimestamp();
        await core.JudgeAsync(oracle);
        run.Show("p99 ms away", away);
        run.Show("p99 ms before", baseline);
        run.Show("s to drain", Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <returns>The 99th percentile of the time to a PUBACK, in milliseconds.</returns>
    private static async Task<double> SendAsync(RowRun run, Core core, IReadOnlyList<FakeGateway> gateways, int messages)
    {
        List<double> times = [];
        for (var message = 0; message < messages; message++)
        {
            var gateway = gateways[message % gateways.Count];
            var next = gateway.Next();
            var began = Stopwatch.GetTimestamp();
            run.Check(await gateway.SendAsync(core, next), "a message was not acknowledged");
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.Sort();
        return times[(int)(times.Count * 0.99)];
    }
}
