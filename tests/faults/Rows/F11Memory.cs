namespace Grid.Faults;

internal sealed class F11Memory : Row
{
    private const double MaxMegabytes = 400;

    public override string Id => "F11";

    public override string Sentence => $"the store is away under load: what waits is on disk, Grid stays under {MaxMegabytes} MB";

    public override IReadOnlyList<(Pair Pair, int N)> On => [(Pair.MosquittoInflux, 2)];

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        await using var served = await Served.StartAsync(run, messagesASecond: 2_000);
        await served.Influx!.KillAsync();
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(8)) await Task.Delay(250, run.Stop);
        run.Show("MB", served.Grid.PeakMegabytes);
        run.Check(served.Grid.PeakMegabytes < MaxMegabytes, $"Grid took {served.Grid.PeakMegabytes:0} MB");
        await served.Influx.RestartAsync(run.Stop);
        await served.JudgeAsync();
        run.Show("MB", served.Grid.PeakMegabytes);
    }
}
