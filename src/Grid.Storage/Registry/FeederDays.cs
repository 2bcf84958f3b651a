using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class FeederDays(IDbContextFactory<RegistryContext> contexts) : IFeederDays
{
    public async Task<IReadOnlyList<FeederViolation>> ViolationsAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.FeederViolations.AsNoTracking().OrderBy(v => v.Day).ThenBy(v => v.Feeder)
            .Select(v => new FeederViolation(v.Feeder, v.Day, v.FeederWh, v.BehindWh, v.NoticedAt)).ToListAsync(ct);
    }

    public async Task MarkCheckedAsync(IReadOnlyCollection<(MeterName Feeder, LocalDate Day)> days, IReadOnlyCollection<FeederViolation> violations, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await using (var gone = new Upsert(registry, transaction, """DELETE FROM "FeederViolations" WHERE "Feeder" = @p0 AND "Day" = @p1""", 2))
            foreach (var (feeder, day) in days) await gone.RunAsync(ct, feeder.Value, day.ToDateOnly());
        registry.FeederViolations.AddRange(violations.Select(v => new FeederViolationRow
        {
            Feeder = v.Feeder, Day = v.Day, FeederWh = v.FeederWh, BehindWh = v.BehindWh, NoticedAt = v.NoticedAt,
        }));
        await registry.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
