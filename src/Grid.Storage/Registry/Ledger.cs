using System.Runtime.InteropServices;
using Grid.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Grid.Storage;

internal sealed class Ledger(IDbContextFactory<RegistryContext> contexts) : ILedger
{
    /// <summary>Of one epoch: whoever leaves more holes is asked for them from below, so what lies above may be forgotten.</summary>
    private const int MaxRanges = 1_000;
    private const int MaxEpochs = 64;

    // A SQLite file has one node that settles: what it has written is what is there. In PostgreSQL another may have written since.
    private readonly Dictionary<GatewayName, Dictionary<long, SequenceSet>> _sequences = [];

    /// <summary>Marks (meter, day) pairs to be computed again: rows of a meter's name, a day and 1.</summary>
    public static ManyRows Marks(RegistryContext registry, IDbContextTransaction transaction) => new(
        registry,
        transaction,
        """INSERT INTO "TouchedDays" ("Meter", "Day", "Revision")""",
        3,
        """ON CONFLICT ("Meter", "Day") DO UPDATE SET "Revision" = "TouchedDays"."Revision" + 1""");

    public async Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> RecordAsync(Settlement settlement, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await QuarantineAsync(registry, transaction, settlement.Quarantined, ct);
        await EventsAsync(registry, transaction, settlement.Events, ct);
        var merged = await SequencesAsync(registry, transaction, settlement.Sequences, ct);
        await MarksAsync(registry, transaction, settlement.Touched, ct);
        await transaction.CommitAsync(ct);
        if (registry.Database.IsSqlite()) Remember(merged);
        return merged;
    }

    public async Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> SequencesAsync(IReadOnlyCollection<GatewayName>? gateways, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = registry.Sequences.AsNoTracking();
        if (gateways is not null) rows = rows.Where(r => gateways.Contains(r.Gateway));
        return await rows.ToDictionaryAsync(r => new GatewayEpoch(r.Gateway, r.Epoch), r => SequenceSet.Parse(r.Ranges), ct);
    }

    public async Task<IReadOnlyDictionary<MeterName, IReadOnlyList<MeterEvent>>> RegisterBreaksAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var names = meters.Select(m => m.Value).ToList();
        var rows = await registry.MeterEvents.AsNoTracking()
            .Where(e => names.Contains(e.Meter) && (e.Kind == MeterEventKind.MeterSwap || e.Kind == MeterEventKind.RegisterRestart))
            .OrderBy(e => e.At).ToListAsync(ct);
        return rows.GroupBy(e => MeterName.Parse(e.Meter)).ToDictionary(
            g => g.Key,
            g => (IReadOnlyList<MeterEvent>)[.. g.Select(e => new MeterEvent(e.Kind, g.Key, e.At, e.ClosingWh, e.OpeningWh, ByMs: e.ByMs))]);
    }

    private static async Task QuarantineAsync(
        RegistryContext registry, IDbContextTransaction transaction, IReadOnlyCollection<QuarantinedItem> items, CancellationToken ct)
    {
        if (items.Count == 0) return;
        await using var insert = new ManyRows(
            registry,
            transaction,
            """INSERT INTO "Quarantine" ("Id", "ReceivedAt", "Gateway", "Topic", "Meter", "At", "Reason", "Detail", "Sha256", "Body")""",
            10,
            "ON CONFLICT DO NOTHING");
        foreach (var item in items)
            await insert.AddAsync(
                ct,
                item.Id,
                item.ReceivedAt.ToUnixTimeMilliseconds(),
                item.Gateway.Value,
                item.Topic,
                item.Meter?.Value,
                item.At?.ToUnixTimeMilliseconds(),
                (int)item.Reason,
                item.Detail,
                item.Sha256,
                item.Body);
        await insert.EndAsync(ct);
    }

    private static async Task EventsAsync(
        RegistryContext registry, IDbContextTransaction transaction, IReadOnlyCollection<(GatewayName Gateway, MeterEvent Event)> events, CancellationToken ct)
    {
        if (events.Count == 0) return;
        await using var insert = new Upsert(
            registry,
            transaction,
            """
            INSERT INTO "MeterEvents" ("Gateway", "Meter", "Kind", "At", "ClosingWh", "OpeningWh", "ByMs")
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6) ON CONFLICT DO NOTHING
            """,
            7);
        foreach (var (gateway, what) in events)
            await insert.RunAsync(
                ct, gateway.Value, what.Meter?.Value ?? "", (int)what.Kind, what.At.ToUnixTimeMilliseconds(), what.ClosingWh, what.OpeningWh, what.ByMs);
    }

    private async Task<Dictionary<GatewayEpoch, SequenceSet>> SequencesAsync(
        RegistryContext registry, IDbContextTransaction transaction, IReadOnlyDictionary<GatewayEpoch, SequenceSet> sequences, CancellationToken ct)
    {
        if (sequences.Count == 0) return [];
        var known = await KnownAsync(registry, sequences, ct);
        await using var upsert = new ManyRows(
            registry,
            transaction,
            """INSERT INTO "Sequences" ("Gateway", "Epoch", "Ranges")""",
            3,
            """ON CONFLICT ("Gateway", "Epoch") DO UPDATE SET "Ranges" = excluded."Ranges" """);
        foreach (var (epoch, numbers) in sequences)
        {
            known[epoch] = known.GetValueOrDefault(epoch, SequenceSet.Empty).With(numbers).Lowest(MaxRanges);
            await upsert.AddAsync(ct, epoch.Gateway.Value, epoch.Epoch, known[epoch].ToString());
        }

        await upsert.EndAsync(ct);
        await ForgetOldestAsync(registry, known, ct);
        return known;
    }

    // Epochs rise when a gateway lost its counter, which is rare: a gateway that makes them up must not fill the registry.
    private static async Task ForgetOldestAsync(RegistryContext registry, Dictionary<GatewayEpoch, SequenceSet> known, CancellationToken ct)
    {
        foreach (var gateway in known.Keys.CountBy(k => k.Gateway).Where(c => c.Value > MaxEpochs).Select(c => c.Key).ToList())
        {
            var oldest = known.Keys.Where(k => k.Gateway == gateway).Select(k => k.Epoch).OrderDescending().ElementAt(MaxEpochs - 1);
            await registry.Sequences.Where(r => r.Gateway == gateway && r.Epoch < oldest).ExecuteDeleteAsync(ct);
            foreach (var forgotten in known.Keys.Where(k => k.Gateway == gateway && k.Epoch < oldest).ToList()) known.Remove(forgotten);
        }
    }

    /// <summary>What is stored of these gateways, all their epochs.</summary>
    private async Task<Dictionary<GatewayEpoch, SequenceSet>> KnownAsync(
        RegistryContext registry, IReadOnlyDictionary<GatewayEpoch, SequenceSet> sequences, CancellationToken ct)
    {
        var gateways = sequences.Keys.Select(k => k.Gateway).Distinct().ToList();
        var unseen = gateways.Where(g => !_sequences.ContainsKey(g)).ToList();
        ILookup<GatewayName, SequenceRow>? read = unseen.Count == 0
            ? null
            : (await registry.Sequences.AsNoTracking().Where(r => unseen.Contains(r.Gateway)).ToListAsync(ct)).ToLookup(r => r.Gateway);
        Dictionary<GatewayEpoch, SequenceSet> known = new(sequences.Count);
        foreach (var gateway in gateways)
        {
            if (_sequences.TryGetValue(gateway, out var held))
                foreach (var (epoch, numbers) in held) known[new(gateway, epoch)] = numbers;
            else
                foreach (var row in read![gateway]) known[new(gateway, row.Epoch)] = SequenceSet.Parse(row.Ranges);
        }

        return known;
    }

    private void Remember(Dictionary<GatewayEpoch, SequenceSet> merged)
    {
        foreach (var (epoch, numbers) in merged)
        {
            ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_sequences, epoch.Gateway, out _);
            (held ??= [])[epoch.Epoch] = numbers;
            if (held.Count > MaxEpochs) held.Remove(held.Keys.Min());
        }
    }

    private static async Task MarksAsync(
        RegistryContext registry, IDbContextTransaction transaction, IReadOnlyCollection<(MeterName Meter, LocalDate Day)> touched, CancellationToken ct)
    {
        if (touched.Count == 0) return;
        await using var mark = Marks(registry, transaction);
        foreach (var (meter, day) in touched) await mark.AddAsync(ct, meter.Value, day.ToDateOnly(), 1L);
        await mark.EndAsync(ct);
    }
}
