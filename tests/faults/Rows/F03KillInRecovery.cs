namespace Grid.Faults;

internal sealed class F03KillInRecovery : Row
{
    private const int InARow = 5;

    public override string Id => "F03";

    public override string Sentence => $"kill -9 while it starts again, {InARow} in a row: it comes up, and nothing acknowledged is lost";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(10);

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        await using var served = await Served.StartAsync(run);
        await Task.Delay(run.Milliseconds(100, 800), run.Stop);
        for (var kill = 0; kill < InARow; kill++)
        {
            await served.Grid.KillAsync();
            served.Grid.Launch();
            await Task.Delay(run.Milliseconds(50, 2_000), run.Stop);
        }

        run.Show("s to first PUBACK", (await served.LastKillAsync()).TotalSeconds);
        await served.JudgeAsync();
    }
}
