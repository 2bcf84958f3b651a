using Grid.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Grid.Storage;

internal sealed class Ledger(IDbContextFactory<RegistryContext> contexts) : ILedger
{
    /// <summary>Marks a (meter, day) to be computed again.</summary>
    public const string Mark =
        """
        INSERT INTO "TouchedDays" ("Meter", "Day", "Revision") VALUES (@p0, @p1, 1)
        ON CONFLICT ("Meter", "Day") DO UPDATE SET "Revision" = "TouchedDays"."Revision" + 1
        """;

    public async Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> RecordAsync(Settlement settlement, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await QuarantineAsync(registry, transaction, settlement.Quarantined, ct);
        await EventsAsync(registry, transaction, settlement.Events, ct);
        var merged = await SequencesAsync(registry, transaction, settlement.Sequences, ct);
        await MarksAsync(registry, transaction, settlement.Touched, ct);
        await transaction.CommitAsync(ct);
        return merged;
    }

    public async Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> SequencesAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.Sequences.AsNoTracking().ToDictionaryAsync(r => new GatewayEpoch(r.Gateway, r.Epoch), r => SequenceSet.Parse(r.Ranges), ct);
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
        await using var insert = new Upsert(
            registry,
            transaction,
            """
            INSERT INTO "Quarantine" ("Id", "ReceivedAt", "Gateway", "Topic", "Meter", "At", "Reason", "Detail", "Sha256", "Body")
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9) ON CONFLICT DO NOTHING
            """,
            10);
        foreach (var item in items)
            await insert.RunAsync(
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

    private static async Task<Dictionary<GatewayEpoch, SequenceSet>> SequencesAsync(
        RegistryContext registry, IDbContextTransaction transaction, IReadOnlyDictionary<GatewayEpoch, SequenceSet> sequences, CancellationToken ct)
    {
        if (sequences.Count == 0) return [];
        var gateways = sequences.Keys.Select(k => k.Gateway).Distinct().ToList();
        var known = await registry.Sequences.AsNoTracking().Where(r => gateways.Contains(r.Gateway))
            .ToDictionaryAsync(r => new GatewayEpoch(r.Gateway, r.Epoch), r => SequenceSet.Parse(r.Ranges), ct);
        await using var upsert = new Upsert(
            registry,
            transaction,
            """
            INSERT INTO "Sequences" ("Gateway", "Epoch", "Ranges") VALUES (@p0, @p1, @p2)
            ON CONFLICT ("Gateway", "Epoch") DO UPDATE SET "Ranges" = excluded."Ranges"
            """,
            3);
        foreach (var (epoch, numbers) in sequences)
        {
            known[epoch] = known.GetValueOrDefault(epoch, SequenceSet.Empty).With(numbers);
            await upsert.RunAsync(ct, epoch.Gateway.Value, epoch.Epoch, known[epoch].ToString());
        }

        return known;
    }

    private static async Task MarksAsync(
        RegistryContext registry, IDbContextTransaction transaction, IReadOnlyCollection<(MeterName Meter, LocalDate Day)> touched, CancellationToken ct)
    {
        if (touched.Count == 0) return;
        await using var mark = new Upsert(registry, transaction, Mark, 2);
        foreach (var (meter, day) in touched) await mark.RunAsync(ct, meter.Value, day.ToDateOnly());
    }
}
