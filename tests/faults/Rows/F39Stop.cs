namespace Grid.Faults;

internal sealed class F39Stop : Row
{
    private const int Stops = 5;

    public override string Id => "F39";

    public override string Sentence => "SIGTERM under load: it ends within 10 s, and only what was in flight comes twice";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(20);

    public override int FaultsASeed => Stops;

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        await using var served = await Served.StartAsync(run, release: true);
        for (var stop = 0; stop < Stops; stop++)
        {
            await Task.Delay(run.Milliseconds(100, 800), run.Stop);
            var began = Stopwatch.GetTimestamp();
            await served.Grid.StopAsync();
            var took = Stopwatch.GetElapsedTime(began);
            run.Show("s to stop", took.TotalSeconds);
            run.Check(took < TimeSpan.FromSeconds(10), $"it took {took.TotalSeconds:0.0} s to stop");
            if (stop == Stops - 1) await served.LastKillAsync();
            else await served.RestartAsync();
        }

        // Of each connection no more than its window could be on the way at each stop.
        run.Count("sent again", served.Gateways.Resent);
        run.Check(served.Gateways.Resent <= Stops * Neighbourhood.Gateways * 4, $"{served.Gateways.Resent} messages were sent again");
        await served.JudgeAsync();
    }
}
