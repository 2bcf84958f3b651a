using Grid.FirmwareSim;

namespace Grid.Faults;

internal sealed class F17MosquittoKilled : Row
{
    public override string Id => "F17";

    public override string Sentence => "kill -9 of Mosquitto under load: gateways that keep what has no ack lose nothing, whatever Mosquitto itself had acknowledged";

    public override IReadOnlyList<(Pair Pair, int N)> On => [(Pair.MosquittoInflux, 30)];

    public override int FaultsASeed => 3;

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        await using var served = await Served.StartAsync(run, keepUntilAck: true, messagesASecond: 200);
        for (var kill = 0; kill < FaultsASeed; kill++)
        {
            await Task.Delay(run.Milliseconds(200, 1_500), run.Stop);
            await served.Mosquitto!.KillAsync();
            await Task.Delay(run.Milliseconds(0, 500), run.Stop);
            await served.Mosquitto.StartAgainAsync(run.Stop);
            await served.UntilPubackAsync();
        }

        await served.QuiesceAsync(); // ends when ack covers everything
        run.Count("sent again", served.Gateways.Resent);
        await served.JudgeAsync(Acknowledgement.PubAck);
    }
}
