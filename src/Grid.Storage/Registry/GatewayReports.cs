using System.Runtime.CompilerServices;
using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class GatewayReports(IDbContextFactory<RegistryContext> contexts) : IGatewayReports
{
    public async Task NoteAsync(IReadOnlyCollection<Gap> gaps, CancellationToken ct)
    {
        if (gaps.Count == 0) return;
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await using (var upsert = new Upsert(
            registry,
            transaction,
            """
            INSERT INTO "Gaps" ("Gateway", "Epoch", "From", "To", "NoticedAt", "End", "EndedAt") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)
            ON CONFLICT ("Gateway", "Epoch", "From") DO UPDATE SET "To" = excluded."To", "NoticedAt" = excluded."NoticedAt",
                "End" = CASE WHEN "Gaps"."End" = 2 AND excluded."End" = 1 THEN 2 ELSE excluded."End" END, "EndedAt" = excluded."EndedAt"
            """,
            7))
        {
            foreach (var gap in gaps)
                await upsert.RunAsync(
                    ct,
                    gap.Gateway.Value,
                    gap.Epoch,
                    gap.Missing.From,
                    gap.Missing.To,
                    gap.NoticedAt.ToUnixTimeMilliseconds(),
                    (int?)gap.End,
                    gap.EndedAt?.ToUnixTimeMilliseconds());
        }

        await transaction.CommitAsync(ct);
    }

    public async Task NoteLostAsync(IReadOnlyCollection<(GatewayEpoch Epoch, SequenceRange Numbers)> lost, Instant at, CancellationToken ct)
    {
        if (lost.Count == 0) return;
        await using var registry = await contexts.CreateDbContextAsync(ct);
        foreach (var (epoch, numbers) in lost)
            await registry.Gaps.Where(g => g.Gateway == epoch.Gateway && g.Epoch == epoch.Epoch)
                .Where(g => (g.End == GapEnd.Filled && g.From <= numbers.To && g.To >= numbers.From) || (g.End == null && g.From >= numbers.From && g.To <= numbers.To))
                .ExecuteUpdateAsync(set => set.SetProperty(g => g.End, GapEnd.Lost).SetProperty(g => g.EndedAt, g => g.EndedAt ?? at), ct);
    }

    public async Task NoteAsync(IReadOnlyCollection<ClockSkew> skews, CancellationToken ct)
    {
        if (skews.Count == 0) return;
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await using (var upsert = new Upsert(
            registry,
            transaction,
            """
            INSERT INTO "ClockSkews" ("Gateway", "AheadMs", "NoticedAt", "EndedAt") VALUES (@p0, @p1, @p2, @p3)
            ON CONFLICT ("Gateway") DO UPDATE SET "AheadMs" = excluded."AheadMs", "NoticedAt" = excluded."NoticedAt", "EndedAt" = excluded."EndedAt"
            """,
            4))
        {
            foreach (var skew in skews)
                await upsert.RunAsync(ct, skew.Gateway.Value, skew.AheadMs, skew.NoticedAt.ToUnixTimeMilliseconds(), skew.EndedAt?.ToUnixTimeMilliseconds());
        }

        await transaction.CommitAsync(ct);
    }

    public async IAsyncEnumerable<Gap> GapsAsync(Instant from, Instant to, bool openOnly, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = registry.Gaps.AsNoTracking()
            .Where(g => g.NoticedAt >= from && g.NoticedAt < to && (!openOnly || g.End == null))
            .OrderBy(g => g.NoticedAt).ThenBy(g => g.Gateway).ThenBy(g => g.Epoch).ThenBy(g => g.From);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(ct))
            yield return new(row.Gateway, row.Epoch, new(row.From, row.To), row.NoticedAt, row.End, row.EndedAt);
    }

    public async Task<IReadOnlyList<ClockSkew>> SkewsAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.ClockSkews.AsNoTracking().OrderBy(s => s.Gateway).ToListAsync(ct);
    }
}
