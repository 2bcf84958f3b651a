using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class Reports(IDbContextFactory<RegistryContext> contexts, TimeProvider clock) : IReports
{
    public async Task<StoredReport?> LatestAsync(HouseholdId household, YearMonth month, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var first = month.OnDayOfMonth(1);
        var row = await registry.Reports.AsNoTracking()
            .Where(r => r.Household == household && r.Month == first).OrderByDescending(r => r.Version).FirstOrDefaultAsync(ct);
        return row is null ? null : new(row.Household, row.Month.ToYearMonth(), row.Version, row.CreatedAt, row.Json);
    }

    public async Task<IReadOnlyList<YearMonth>> MonthsAsync(HouseholdId household, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var months = await registry.Reports.AsNoTracking().Where(r => r.Household == household)
            .Select(r => r.Month).Distinct().OrderByDescending(m => m).ToListAsync(ct);
        return [.. months.Select(m => m.ToYearMonth())];
    }

    public async Task<int> StoreAsync(IReadOnlyList<ReportDraft> reports, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var stored = 0;
        foreach (var month in reports.GroupBy(r => r.Month))
        {
            var first = month.Key.OnDayOfMonth(1);
            var newest = (await registry.Reports.AsNoTracking().Where(r => r.Month == first).ToListAsync(ct))
                .GroupBy(r => r.Household).ToDictionary(g => g.Key, g => g.MaxBy(r => r.Version)!);
            foreach (var draft in month)
            {
                var before = newest.GetValueOrDefault(draft.Household);
                if (before is not null && before.Json.AsSpan().SequenceEqual(draft.Json)) continue;
                registry.Reports.Add(new() { Household = draft.Household, Month = first, Version = (before?.Version ?? 0) + 1, CreatedAt = now, Json = draft.Json });
                stored++;
            }
        }

        await registry.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return stored;
    }
}
