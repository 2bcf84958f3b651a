namespace Grid.Faults;

internal sealed class F24Duplicates : Row
{
    public override string Id => "F24";

    public override string Sentence => "30 % sent again, also under new numbers and across connections, then a whole day: nothing counts twice";

    public override IReadOnlyList<(Pair Pair, int N)> On => Both(10, 10);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var core = await Core.StartAsync(run, new() { ByMqtt = true });
        List<(FakeGateway Gateway, Message Message)> day = [];
        foreach (var gateway in FakeGateway.Many(run, oracle, 4))
        for (var message = 0; message < 48; message++)
        {
            day.Add((gateway, gateway.Next()));
            await gateway.SendAsync(core, day[^1].Message);
            while (run.Random.NextDouble() < 0.3)
            {
                if (run.Random.Next(4) == 0) await core.ReconnectAsync();
                var (before, repeated) = day[run.Random.Next(day.Count)];
                await before.SendAsync(core, run.Random.Next(2) == 0 ? repeated : before.Again(repeated));
            }
        }

        await core.QuiesceAsync();
        foreach (var (gateway, message) in day.OrderBy(_ => run.Random.Next())) await gateway.SendAsync(core, message);
        await core.JudgeAsync(oracle);
        run.Count("duplicates", core.Counters.Of("duplicate"));
        run.Check(core.Counters.Of("stored") == day.Sum(d => d.Message.Readings.Count), $"{core.Counters.Of("stored")} stored of {day.Sum(d => d.Message.Readings.Count)} readings");
    }
}
