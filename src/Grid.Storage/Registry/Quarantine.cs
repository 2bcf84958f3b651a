using System.Runtime.CompilerServices;
using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class Quarantine(IDbContextFactory<RegistryContext> contexts) : IQuarantine
{
    public async IAsyncEnumerable<QuarantinedItem> ReadAsync(Instant from, Instant to, Reason? reason, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var items = registry.Quarantine.AsNoTracking()
            .Where(q => q.ReceivedAt >= from && q.ReceivedAt < to && (reason == null || q.Reason == reason))
            .OrderBy(q => q.ReceivedAt).ThenBy(q => q.Id);
        await foreach (var item in items.AsAsyncEnumerable().WithCancellation(ct)) yield return item;
    }
}
