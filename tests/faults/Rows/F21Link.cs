namespace Grid.Faults;

internal sealed class F21Link : Row
{
    public override string Id => "F21";

    public override string Sentence => "a line that delays, resets within a PUBLISH, between commit and PUBACK, and goes half open: duplicates, and nothing else";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(30);

    public override async Task RunAsync(RowRun run)
    {
        await using var served = await Served.StartAsync(run, messagesASecond: 800, overLine: true);
        var line = served.Line!;
        (line.CutsRequests, line.CutsAnswers) = (0.01, 0.01);
        await Task.Delay(run.Milliseconds(1_000, 2_500), run.Stop);
        line.IsSilent = true;
        await Task.Delay(run.Milliseconds(300, 1_500), run.Stop);
        line.CutAll();
        line.IsSilent = false;
        await Task.Delay(run.Milliseconds(300, 1_000), run.Stop);
        (line.CutsRequests, line.CutsAnswers) = (0, 0);
        run.Count("cuts", line.Cuts);
        run.Count("reconnects", served.Gateways.Reconnects);
        await served.JudgeAsync();
    }
}
