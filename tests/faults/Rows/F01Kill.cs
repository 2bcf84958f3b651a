namespace Grid.Faults;

internal sealed class F01Kill : Row
{
    private static readonly TimeSpan FirstPuback = TimeSpan.FromSeconds(5);

    public override string Id => "F01";

    public override string Sentence => "kill -9 of Grid at any moment under load: no acknowledged reading is lost, and it acknowledges again within 5 s";

    public override IReadOnlyList<(Pair Pair, int N)> On => Both(500, 100);

    public override int FaultsASeed => 25;

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        await using var served = await Served.StartAsync(run, release: true);
        for (var kill = 1; kill <= FaultsASeed; kill++)
        {
            await Task.Delay(run.Milliseconds(0, 1_200), run.Stop);
            var recovered = kill < FaultsASeed ? await served.KillAndRestartAsync() : await served.LastKillAsync();
            run.Show("s to first PUBACK", recovered.TotalSeconds);
            if (recovered <= FirstPuback) continue;
            if (ProcFs.LoadOfACore() > 2) run.Count("over 5 s on a machine with other work to do");
            else run.Check(false, $"kill {kill}: {recovered.TotalSeconds:0.0} s until the first PUBACK");
        }

        await served.JudgeAsync();
    }
}
