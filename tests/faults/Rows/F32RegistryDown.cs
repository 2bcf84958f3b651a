namespace Grid.Faults;

internal sealed class F32RegistryDown : Row
{
    public override string Id => "F32";

    public override string Sentence => "the registry's database is down: PUBACKs go on, nothing is said to be stored before it is noted, all heals by itself (its jobs' part comes with the jobs)";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(5);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        FaultyLedger? ledger = null;
        await using var core = await Core.StartAsync(run, new() { LedgerFaults = inner => ledger = new(inner) });
        var gateways = FakeGateway.Many(run, oracle, 4);
        foreach (var gateway in gateways) await gateway.SendAsync(core, gateway.Next());
        await core.QuiesceAsync();

        ledger!.IsDown = true;
        for (var message = 0; message < 80; message++)
        {
            var gateway = gateways[message % gateways.Count];
            run.Check(await gateway.SendAsync(core, gateway.Next()), "a message was not acknowledged while the registry was down");
        }

        await Task.Delay(run.Milliseconds(300, 1_200), run.Stop); // it has tried
        run.Check(gateways.All(g => core.Mail.StoredThrough(g.Name) <= 1), "ack ran ahead of what was noted");
        run.Check(core.Journal.PendingItems > 0, "the journal let go of what was not noted");
        ledger.IsDown = false;
        await core.JudgeAsync(oracle);
        await Poll.UntilAsync("all was acknowledged", run.Patience, _ => Task.FromResult(gateways.All(g => core.Mail.StoredThrough(g.Name) == 21)), run.Stop);
    }

    private sealed class FaultyLedger(ILedger inner) : ILedger
    {
        public bool IsDown { get; set; }

        public Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> RecordAsync(Settlement settlement, CancellationToken ct) => Up().RecordAsync(settlement, ct);

        public Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> SequencesAsync(CancellationToken ct) => Up().SequencesAsync(ct);

        public Task<IReadOnlyDictionary<MeterName, IReadOnlyList<MeterEvent>>> RegisterBreaksAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct) =>
            Up().RegisterBreaksAsync(meters, ct);

        private ILedger Up() => IsDown ? throw new IOException("the registry is down") : inner;
    }
}
