namespace Grid.Faults;

/// <param name="only">Of the named places; none is all.</param>
internal sealed class F02Failpoints(params string[] only) : Row
{
    private static readonly string[] Points =
    [
        "after-parse", "before-append", "after-append", "after-fsync", "before-puback", "after-puback", "before-store", "mid-store-batch", "after-store",
        "before-mark-commit", "after-mark", "trim", "before-ack", "startup-replay", "migration",
    ];

    public override string Id => "F02";

    public override string Sentence => $"kill -9 at each of {Points.Length} named places, once a seed: no acknowledged reading is lost";

    public override IReadOnlyList<(Pair Pair, int N)> On => Both(5 * Points.Length, 2 * Points.Length);

    public override int FaultsASeed => Points.Length;

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        await using var served = await Served.StartAsync(run);
        var points = (only.Length > 0 ? only : Points).Where(p => run.Pair is Pair.Embedded || p is not "after-puback").OrderBy(_ => run.Random.Next()).ToList();
        await served.Grid.KillAsync();
        foreach (var point in points)
        {
            var isAtStart = point is "startup-replay" or "migration";
            served.Grid.Environment["GRID_FAILPOINT"] = $"{point}:{(isAtStart ? 1 : run.Random.Next(1, 8))}";
            served.Grid.Launch();
            await Poll.UntilAsync($"Grid had come by {point}", TimeSpan.FromSeconds(30), _ => Task.FromResult(served.Grid.HasExited), run.Stop);
        }

        served.Grid.Environment.Remove("GRID_FAILPOINT");
        run.Show("s to first PUBACK", (await served.LastKillAsync()).TotalSeconds);
        await served.JudgeAsync();
    }
}
