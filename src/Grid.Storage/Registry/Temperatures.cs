using System.Globalization;
using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class Temperatures(IDbContextFactory<RegistryContext> contexts) : ITemperatures
{
    public async Task StoreAsync(IReadOnlyList<HourlyTemperature> hours, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await using (var upsert = new Upsert(
            registry,
            transaction,
            """
            INSERT INTO "Temperatures" ("Hour", "Celsius", "Revision") VALUES (@p0, @p1, 1)
            ON CONFLICT ("Hour") DO UPDATE SET "Celsius" = excluded."Celsius", "Revision" = "Temperatures"."Revision" + 1
            WHERE "Temperatures"."Celsius" <> excluded."Celsius"
            """,
            2))
        {
            foreach (var (hour, celsius) in hours) await upsert.RunAsync(ct, hour.ToUnixTimeMilliseconds(), celsius);
        }

        await transaction.CommitAsync(ct);
    }

    public async Task<string> FingerprintAsync(Instant from, Instant to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var hours = registry.Temperatures.AsNoTracking().Where(t => t.Hour >= from && t.Hour < to);
        var (count, revisions) = (await hours.CountAsync(ct), await hours.SumAsync(t => t.Revision, ct));
        return string.Create(CultureInfo.InvariantCulture, $"{count}:{revisions}");
    }

    public async Task<IReadOnlyList<HourlyTemperature>> ReadAsync(Instant from, Instant to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.Temperatures.AsNoTracking().Where(t => t.Hour >= from && t.Hour < to).OrderBy(t => t.Hour).ToListAsync(ct);
        return [.. rows.Select(t => new HourlyTemperature(t.Hour, t.Celsius))];
    }
}
