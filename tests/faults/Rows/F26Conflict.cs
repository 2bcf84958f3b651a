using Grid.FirmwareSim;

namespace Grid.Faults;

internal sealed class F26Conflict : Row
{
    public override string Id => "F26";

    public override string Sentence => "same meter and instant, another value: the first is kept, the second quarantined as conflict";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(10);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var core = await Core.StartAsync(run);
        FakeGateway gateway = new(run, oracle, run.Random.Next(Neighbourhood.Gateways));
        List<Message> sent = [];
        var conflicts = 0;
        for (var message = 0; message < 40; message++)
        {
            sent.Add(gateway.Next());
            await gateway.SendAsync(core, sent[^1]);
            if (run.Random.Next(3) == 0) await core.QuiesceAsync(); // at times against the store, at times within a batch
            var (reading, _) = sent[run.Random.Next(sent.Count)].Readings[run.Random.Next(3)];
            await gateway.SendAsync(core, gateway.Next(gateway.Reading(reading.At, reading.Registers.ImportWh + run.Random.Next(1, 50), Fate.Conflict)));
            conflicts++;
        }

        await core.JudgeAsync(oracle);
        run.Count("conflicts", conflicts);
        run.Check(core.Counters.Of("quarantined") == conflicts, $"{core.Counters.Of("quarantined")} quarantined of {conflicts} conflicts");
    }
}
