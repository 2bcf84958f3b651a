using System.Runtime.CompilerServices;
using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class Quarantine(IDbContextFactory<RegistryContext> contexts) : IQuarantine
{
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
