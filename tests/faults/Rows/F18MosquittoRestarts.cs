namespace Grid.Faults;

internal sealed class F18MosquittoRestarts : Row
{
    public override string Id => "F18";

    public override string Sentence => "Mosquitto stops and starts again, several times: ingest subscribes again each time, and nothing is lost";

    public override IReadOnlyList<(Pair Pair, int N)> On => [(Pair.MosquittoInflux, 12)];

    public override int FaultsASeed => 4;

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        await using var served = await Served.StartAsync(run, keepUntilAck: true, messagesASecond: 200);
        for (var restart = 0; restart < FaultsASeed; restart++)
        {
            await served.Mosquitto!.StopAsync();
            await Task.Delay(run.Milliseconds(0, 3_000), run.Stop);
            await served.Mosquitto.StartAgainAsync(run.Stop);
            await served.Mosquitto.WaitForSubscriberAsync(run.Stop);
            await served.UntilPubackAsync();
        }

        await served.JudgeAsync();
    }
}
