using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class RegistryReader(IDbContextFactory<RegistryContext> contexts) : IRegistry
{
    public async Task<long> VersionAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.Versions.AsNoTracking().Select(v => v.Version).SingleOrDefaultAsync(ct);
    }

    public async Task<RegistrySnapshot> ReadAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        // The version first: a change in between is read again, never missed.
        var version = await registry.Versions.AsNoTracking().Select(v => v.Version).SingleOrDefaultAsync(ct);
        var neighbourhood = await registry.Neighbourhoods.AsNoTracking().SingleOrDefaultAsync(ct);
        var households = await registry.Households.AsNoTracking().OrderBy(h => h.Id).ToListAsync(ct);
        var meters = await registry.Meters.AsNoTracking().OrderBy(m => m.Meter).ThenBy(m => m.From).ToListAsync(ct);
        var gateways = await registry.Gateways.AsNoTracking().OrderBy(g => g.Name).Select(g => new GatewayCredential(g.Name, g.SecretHash, g.IsRevoked)).ToListAsync(ct);
        return new(version, neighbourhood?.Name ?? "", neighbourhood?.TimeZone ?? LocalCalendar.DefaultZone, households, meters, gateways);
    }
}
