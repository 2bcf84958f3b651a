using System.Runtime.CompilerServices;
using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class Accesses(IDbContextFactory<RegistryContext> contexts, TimeProvider clock) : IAccesses
{
    public async Task AddAsync(Guid account, string what, MeterName? meter, Slot span, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        registry.Accesses.Add(new() { At = Instant.FromDateTimeOffset(clock.GetUtcNow()), Account = account, What = what, Meter = meter, From = span.Start, To = span.End });
        await registry.SaveChangesAsync(ct);
    }

    public async IAsyncEnumerable<Access> SinceAsync(Instant from, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var emails = await registry.Users.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Email, ct);
        await foreach (var row in registry.Accesses.AsNoTracking().Where(a => a.At >= from).OrderBy(a => a.Id).AsAsyncEnumerable().WithCancellation(ct))
            yield return new(row.At, row.Account, emails.GetValueOrDefault(row.Account), row.What, row.Meter, row.From, row.To);
    }
}
