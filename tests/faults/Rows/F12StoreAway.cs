namespace Grid.Faults;

internal sealed class F12StoreAway : Row
{
    private const int ReadingsAMessage = 20;
    private const int ReadingsASecond = 4_000;
    private const int TimesRealTime = 5;

    public override string Id => "F12";

    public override string Sentence =>
        $"the store is away under {ReadingsASecond} readings/s: PUBACKs go on as fast, nothing is said to be stored, and the backlog drains by itself, at {TimesRealTime} times that rate or better";

    public override IReadOnlyList<(Pair Pair, int N)> On => Both(8, 3);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        FaultyStore? store = null;
        await using var core = await Core.StartAsync(run, new() { StoreFaults = inner => store = new(inner) });
        var gateways = FakeGateway.Many(run, oracle, Neighbourhood.Gateways);
        await core.Store.CheckAsync(run.Stop);
        await SendAsync(run, core, gateways, 1); // warm
        var baseline = await SendAsync(run, core, gateways, 2);
        await core.QuiesceAsync();
        await Poll.UntilAsync("all was acknowledged", run.Patience, _ => Task.FromResult(gateways.All(g => core.Mail.StoredThrough(g.Name) > 0)), run.Stop);
        var before = await core.Get<ILedger>().SequencesAsync(null, run.Stop);

        if (core.Influx is { } influx) await influx.KillAsync();
        else store!.Before = _ => throw new IOException("the store is away");
        var away = await MedianAsync(3, () => SendAsync(run, core, gateways, run.Random.Next(2, 4)));
        var meanwhile = await core.Get<ILedger>().SequencesAsync(null, run.Stop);
        run.Check(before.All(b => meanwhile[b.Key].StoredThrough == b.Value.StoredThrough), "messages are noted as stored while the store is away");
        // Below 50 ms, and in one of three stretches, it is the machine's own stutter that decides, not Grid.
        run.Check(away <= Math.Max(baseline * 2, 50), $"PUBACK p99 {away:0.0} ms while the store was away, {baseline:0.0} ms before");
        if (core.Influx is not null) await core.Influx.RestartAsync(run.Stop);
        else store!.Before = _ => Task.CompletedTask;

        var drained = await DrainAsync(run, core);
        run.Check(drained >= TimesRealTime * ReadingsASecond, $"the backlog drained at {drained:0} readings/s, it had come at {ReadingsASecond}");
        await core.JudgeAsync(oracle);
        run.Show("p99 ms away", away);
        run.Show("p99 ms before", baseline);
    }

    /// <returns>Readings a second, from the first that it settles on: until then it waits to try again.</returns>
    private static async Task<double> DrainAsync(RowRun run, Core core)
    {
        var back = Stopwatch.GetTimestamp();
        var all = core.Journal.PendingItems;
        await Poll.UntilAsync("it tried again", run.Patience, _ => Task.FromResult(core.Journal.PendingItems < all), run.Stop);
        var (began, backlog) = (Stopwatch.GetTimestamp(), core.Journal.PendingItems);
        await Poll.UntilAsync("the backlog drained", run.Patience, _ => Task.FromResult(core.Journal.PendingItems == 0), run.Stop);
        var took = Stopwatch.GetElapsedTime(began);
        run.Check(backlog >= 20_000, $"a backlog of {backlog} readings tells nothing");
        run.Show("s until it tried again", Stopwatch.GetElapsedTime(back, began).TotalSeconds);
        run.Show("s to drain", took.TotalSeconds);
        run.Show("backlog", backlog);
        run.Show("% of real time to drain", 100 * took.TotalSeconds * ReadingsASecond / backlog);
        return backlog / took.TotalSeconds;
    }

    private static async Task<double> MedianAsync(int times, Func<Task<double>> measure)
    {
        List<double> measured = [];
        while (measured.Count < times) measured.Add(await measure());
        return measured.Order().ElementAt(times / 2);
    }

    /// <summary>The gateways' load in real time; each sends its messages one after another.</summary>
    /// <returns>The 99th percentile of the time to a PUBACK, in milliseconds.</returns>
    private static async Task<double> SendAsync(RowRun run, Core core, IReadOnlyList<FakeGateway> gateways, int seconds)
    {
        var interval = TimeSpan.FromSeconds((double)gateways.Count * ReadingsAMessage / ReadingsASecond);
        var messages = (int)(TimeSpan.FromSeconds(seconds) / interval);
        var scripts = gateways.Select(g => Enumerable.Range(0, messages).Select(_ => g.Next(ReadingsAMessage)).ToList()).ToList(); // before they race: the seed decides
        var began = Stopwatch.GetTimestamp();
        var sent = await Task.WhenAll(gateways.Select((gateway, g) => Task.Run(async () =>
        {
            List<(bool Taken, double Milliseconds)> answers = [];
            for (var message = 0; message < messages; message++)
            {
                var due = (interval * (message + ((double)g / gateways.Count))) - Stopwatch.GetElapsedTime(began);
                if (due > TimeSpan.Zero) await Task.Delay(due, run.Stop);
                var at = Stopwatch.GetTimestamp();
                answers.Add((await gateway.SendAsync(core, scripts[g][message]), Stopwatch.GetElapsedTime(at).TotalMilliseconds));
            }

            return answers;
        }, run.Stop)));
        var answers = sent.SelectMany(s => s).ToList();
        run.Check(answers.TrueForAll(a => a.Taken), "a message was not acknowledged");
        return answers.Select(a => a.Milliseconds).Order().ElementAt((int)(answers.Count * 0.99));
    }
}
