namespace Grid.Faults;

internal sealed class F32RegistryDown : Row
{
    private const int Rounds = 20;

    public override string Id => "F32";

    public override string Sentence =>
        "the registry's database is down, behind Mosquitto and InfluxDB a real PostgreSQL that is stopped and started again: PUBACKs go on, nothing is said to be stored before it is noted, all heals by itself (its jobs' part comes with the jobs)";

    public override IReadOnlyList<(Pair Pair, int N)> On => Both(5, 5);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        Asked asked = new();
        await using var postgres = run.Pair is Pair.MosquittoInflux ? await PostgresServer.StartAsync(run) : null;
        await using var core = await Core.StartAsync(run, new()
        {
            Registry = postgres is null ? new() : new() { Kind = Storage.RegistryKind.PostgreSql, ConnectionString = postgres.ConnectionString },
            LedgerFaults = inner => new AskedLedger(inner, asked),
            LockFaults = postgres is null ? null : inner => new AskedLocks(inner, asked), // in a SQLite file there is nothing to lock
        });
        var gateways = FakeGateway.Many(run, oracle, 4);
        foreach (var gateway in gateways) await gateway.SendAsync(core, gateway.Next());
        await core.QuiesceAsync();

        if (postgres is null) asked.IsDown = true;
        else await postgres.StopAsync(run.Random.Next(2) == 0 ? "fast" : "immediate", run);
        for (var message = 0; message < Rounds * gateways.Count; message++)
        {
            var gateway = gateways[message % gateways.Count];
            run.Check(await gateway.SendAsync(core, gateway.Next()), "a message was not acknowledged while the registry was down");
        }

        var tries = run.Random.Next(1, 4);
        await Poll.UntilAsync("it had tried", run.Patience, _ => Task.FromResult(asked.Failures >= tries), run.Stop);
        run.Check(gateways.All(g => core.Mail.StoredThrough(g.Name) <= 1), "ack ran ahead of what was noted");
        run.Check(core.Journal.PendingItems > 0, "the journal let go of what was not noted");
        if (postgres is null) asked.IsDown = false;
        else await postgres.StartAgainAsync(run);
        var began = Stopwatch.GetTimestamp();
        await core.JudgeAsync(oracle);
        await Poll.UntilAsync("all was acknowledged", run.Patience, _ => Task.FromResult(gateways.All(g => core.Mail.StoredThrough(g.Name) == Rounds + 1)), run.Stop);
        run.Show("s to heal", Stopwatch.GetElapsedTime(began).TotalSeconds);
        run.Count("failures", asked.Failures);
    }

    /// <summary>What ingest asks of the registry's database.</summary>
    private sealed class Asked
    {
        private int _failures;

        public bool IsDown { get; set; }

        /// <summary>Times that it did not answer.</summary>
        public int Failures => Volatile.Read(ref _failures);

        public async Task<T> Async<T>(Func<Task<T>> ask)
        {
            try
            {
                return IsDown ? throw new IOException("the registry is down") : await ask();
            }
            catch
            {
                Interlocked.Increment(ref _failures);
                throw;
            }
        }
    }

    private sealed class AskedLedger(ILedger inner, Asked asked) : ILedger
    {
        public Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> RecordAsync(Settlement settlement, CancellationToken ct) => asked.Async(() => inner.RecordAsync(settlement, ct));

        public Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> SequencesAsync(IReadOnlyCollection<GatewayName>? gateways, CancellationToken ct) => asked.Async(() => inner.SequencesAsync(gateways, ct));

        public Task<IReadOnlyDictionary<MeterName, IReadOnlyList<MeterEvent>>> RegisterBreaksAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct) =>
            asked.Async(() => inner.RegisterBreaksAsync(meters, ct));
    }

    private sealed class AskedLocks(IGatewayLocks inner, Asked asked) : IGatewayLocks
    {
        public Task<IGatewayLock> TakeAsync(IReadOnlyCollection<GatewayName> gateways, CancellationToken ct) => asked.Async(() => inner.TakeAsync(gateways, ct));
    }
}
