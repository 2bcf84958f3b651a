namespace Grid.Faults;

internal sealed class F23Storm : Row
{
    private const int Backlog = 60;

    public override string Id => "F23";

    public override string Sentence => "all gateways come back at once, each with a backlog of a day: all are let in, live readings are acknowledged meanwhile";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(1);

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var core = await Core.StartAsync(run, new() { ByMqtt = true });
        var gateways = FakeGateway.Many(run, oracle, Neighbourhood.Gateways);
        var live = gateways[0];
        var backlogs = gateways.Skip(1).Select(g => (Gateway: g, Messages: Enumerable.Range(0, Backlog).Select(_ => g.Next(24)).ToList())).ToList();
        await core.ReconnectAsync();
        var storm = Task.WhenAll(backlogs.Select(b => Task.Run(async () =>
        {
            foreach (var message in b.Messages)
                if (!await b.Gateway.SendAsync(core, message)) throw new InvalidOperationException($"{b.Gateway.Name} was not served");
        })));
        while (!storm.IsCompleted)
        {
            var began = Stopwatch.GetTimestamp();
            run.Check(await live.SendAsync(core, live.Next(1)), "a live reading was not acknowledged");
            run.Show("s to a live PUBACK", Stopwatch.GetElapsedTime(began).TotalSeconds);
            await Task.Delay(20, run.Stop);
        }

        await storm;
        await core.JudgeAsync(oracle);
    }
}
