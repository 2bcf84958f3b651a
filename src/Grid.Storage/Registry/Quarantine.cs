using System.Runtime.CompilerServices;
using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class Quarantine(IDbContextFactory<RegistryContext> contexts) : IQuarantine
{
    private const string DropBodies =
        """
        UPDATE "Quarantine" SET "Body" = @p3 WHERE "Id" IN (
            SELECT "Id" FROM (
                SELECT "Id", LENGTH("Body") AS "Bytes", ROW_NUMBER() OVER newest AS "Place", SUM(LENGTH("Body")) OVER newest AS "Through"
                FROM "Quarantine" WHERE "Gateway" = @p0 WINDOW newest AS (ORDER BY "ReceivedAt" DESC, "Id" DESC)) AS placed
            WHERE "Bytes" > 0 AND ("Place" > @p1 OR "Through" > @p2)) AND ("ReplayAskedAt" IS NULL OR "ReplayedAt" IS NOT NULL)
        """;

    private const string Forget =
        """
        DELETE FROM "Quarantine" WHERE "Id" IN (
            SELECT "Id" FROM (
                SELECT "Id", ROW_NUMBER() OVER (ORDER BY "ReceivedAt" DESC, "Id" DESC) AS "Place" FROM "Quarantine" WHERE "Gateway" = @p0) AS placed
            WHERE "Place" > @p1) AND ("ReplayAskedAt" IS NULL OR "ReplayedAt" IS NOT NULL)
        """;

    public async IAsyncEnumerable<QuarantinedItem> ReadAsync(QuarantineFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var items = registry.Quarantine.AsNoTracking();
        if (filter.From is { } from) items = items.Where(q => q.ReceivedAt >= from);
        if (filter.To is { } to) items = items.Where(q => q.ReceivedAt < to);
        if (filter.Reason is { } reason) items = items.Where(q => q.Reason == reason);
        if (filter.Gateway is { } gateway) items = items.Where(q => q.Gateway == gateway);
        if (filter.Id is { } id) items = items.Where(q => q.Id == id);
        await foreach (var item in items.OrderBy(q => q.ReceivedAt).ThenBy(q => q.Id).AsAsyncEnumerable().WithCancellation(ct)) yield return item;
    }

    public Task AskReplayAsync(IReadOnlyCollection<string> ids, Instant at, CancellationToken ct) =>
        MarkAsync("""UPDATE "Quarantine" SET "ReplayAskedAt" = @p1, "ReplayedAt" = NULL WHERE "Id" = @p0""", ids, at, ct);

    public async Task<IReadOnlyList<QuarantinedItem>> AskedAsync(int limit, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.Quarantine.AsNoTracking().Where(q => q.ReplayAskedAt != null && q.ReplayedAt == null)
            .OrderBy(q => q.ReceivedAt).ThenBy(q => q.Id).Take(limit).ToListAsync(ct);
    }

    public Task MarkReplayedAsync(IReadOnlyCollection<string> ids, Instant at, CancellationToken ct) =>
        MarkAsync("""UPDATE "Quarantine" SET "ReplayedAt" = @p1 WHERE "Id" = @p0""", ids, at, ct);

    public async Task<int> TrimAsync(int maxBodies, long maxBodyBytes, int maxItems, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        // Counted in an index: only gateways that may be over a bound cost a look at their rows.
        var atLeast = (int)Math.Min(maxBodies, maxBodyBytes / QuarantinedItem.MaxBodyBytes);
        var many = await registry.Quarantine.GroupBy(q => q.Gateway).Where(g => g.Count() > atLeast).Select(g => g.Key).ToListAsync(ct);
        var forgotten = 0;
        foreach (var gateway in many)
        {
            await using var transaction = await registry.Database.BeginTransactionAsync(ct); // one each: settling writes here too
            await using (var drop = new Upsert(registry, transaction, DropBodies, 4)) await drop.RunAsync(ct, gateway.Value, maxBodies, maxBodyBytes, Array.Empty<byte>());
            await using (var forget = new Upsert(registry, transaction, Forget, 2)) forgotten += await forget.RunAsync(ct, gateway.Value, maxItems);
            await transaction.CommitAsync(ct);
        }

        return forgotten;
    }

    private async Task MarkAsync(string sql, IReadOnlyCollection<string> ids, Instant at, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await using (var mark = new Upsert(registry, transaction, sql, 2))
        {
            foreach (var id in ids) await mark.RunAsync(ct, id, at.ToUnixTimeMilliseconds());
        }

        await transaction.CommitAsync(ct);
    }
}
