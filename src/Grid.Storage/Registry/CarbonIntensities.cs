using System.Globalization;
using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class CarbonIntensities(IDbContextFactory<RegistryContext> contexts) : ICarbonIntensities
{
    public async Task<bool> StoreAsync(CarbonKind kind, IReadOnlyList<HourlyIntensity> hours, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        if (await registry.CarbonIntensities.AnyAsync(c => c.Kind != kind, ct)) return false;
        await using (var upsert = new Upsert(
            registry,
            transaction,
            """
            INSERT INTO "CarbonIntensities" ("Hour", "Kind", "GramsPerKwh", "Revision") VALUES (@p0, @p1, @p2, 1)
            ON CONFLICT ("Hour") DO UPDATE SET "GramsPerKwh" = excluded."GramsPerKwh", "Revision" = "CarbonIntensities"."Revision" + 1
            WHERE "CarbonIntensities"."GramsPerKwh" <> excluded."GramsPerKwh"
            """,
            3))
        {
            foreach (var (hour, grams) in hours) await upsert.RunAsync(ct, hour.ToUnixTimeMilliseconds(), (short)kind, grams);
        }

        await transaction.CommitAsync(ct);
        return true;
    }

    public async Task<CarbonKind?> KindAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.CarbonIntensities.AsNoTracking().OrderBy(c => c.Hour).Select(c => (CarbonKind?)c.Kind).FirstOrDefaultAsync(ct);
    }

    public async Task<IReadOnlyList<HourlyIntensity>> ReadAsync(Instant from, Instant to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.CarbonIntensities.AsNoTracking().Where(c => c.Hour >= from && c.Hour < to).OrderBy(c => c.Hour).ToListAsync(ct);
        return [.. rows.Select(c => new HourlyIntensity(c.Hour, c.GramsPerKwh))];
    }

    public async Task<string> FingerprintAsync(Instant from, Instant to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var hours = registry.CarbonIntensities.AsNoTracking().Where(c => c.Hour >= from && c.Hour < to);
        var (count, revisions) = (await hours.CountAsync(ct), await hours.SumAsync(c => c.Revision, ct));
        return string.Create(CultureInfo.InvariantCulture, $"{count}:{revisions}");
    }
}
