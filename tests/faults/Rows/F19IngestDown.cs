namespace Grid.Faults;

internal sealed class F19IngestDown : Row
{
    public override string Id => "F19";

    public override string Sentence => "ingest is down while ten times Mosquitto's default queue comes in: with our configuration it drops nothing";

    public override IReadOnlyList<(Pair Pair, int N)> On => [(Pair.MosquittoInflux, 2)];

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        await using var served = await Served.StartAsync(run, messagesASecond: 3_000);
        await served.KillAsync();
        var before = served.Gateways.Acknowledged;
        await Poll.UntilAsync("10,000 messages were queued", run.Patience, _ => Task.FromResult(served.Gateways.Acknowledged > before + 10_000), run.Stop);
        await served.RestartAsync();
        await served.JudgeAsync();
        var dropped = await served.Mosquitto!.DroppedAsync(run.Neighbourhood.Access, run.Stop);
        run.Count("dropped by Mosquitto", dropped);
        run.Check(dropped == 0, $"Mosquitto dropped {dropped} messages");
    }
}
