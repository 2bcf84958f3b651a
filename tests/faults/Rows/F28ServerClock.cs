namespace Grid.Faults;

internal sealed class F28ServerClock : Row
{
    public override string Id => "F28";

    public override string Sentence => "the server's clock jumps by up to two hours, forward and back: connections stay, PUBACKs go on, all is settled and acknowledged";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(5);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        SteppedClock clock = new();
        await using var core = await Core.StartAsync(run, new() { ByMqtt = true, Clock = clock, Ingest = new() { AckInterval = TimeSpan.FromMilliseconds(200), ReorderWindow = TimeSpan.FromMilliseconds(500) } });
        var gateways = FakeGateway.Many(run, oracle, 4);
        for (var jump = 0; jump < 8; jump++)
        {
            for (var message = 0; message < 12; message++)
            {
                var gateway = gateways[message % gateways.Count];
                run.Check(await gateway.SendAsync(core, gateway.Next()), "a message was not acknowledged");
            }

            clock.Step(TimeSpan.FromMinutes(run.Random.Next(-120, 121)));
        }

        await core.JudgeAsync(oracle);
        run.Check(core.Counters.Of("quarantined") == 0, "readings were quarantined");
        run.Check(core.Get<Ingest.EmbeddedBroker>().Connections == gateways.Count, $"{core.Get<Ingest.EmbeddedBroker>().Connections} of {gateways.Count} connections are open");
        var stored = await core.Get<ILedger>().SequencesAsync(null, run.Stop);
        run.Check(stored.Values.All(s => s.Ranges.Length == 1), "numbers are missing");
    }
}
