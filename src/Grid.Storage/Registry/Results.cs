using System.Globalization;
using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class Results(IDbContextFactory<RegistryContext> contexts) : IResults
{
    public async Task<StoredResult?> FindAsync(ResultKey key, int? version, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = Of(registry, key);
        if (version is { } one) rows = rows.Where(r => r.Version == one);
        return await rows.OrderByDescending(r => r.Version).FirstOrDefaultAsync(ct) is { } row ? ResultOf(row) : null;
    }

    public async Task<IReadOnlyList<StoredResult>> VersionsAsync(ResultKey key, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return [.. (await Of(registry, key).OrderBy(r => r.Version).ToListAsync(ct)).Select(ResultOf)];
    }

    public async Task<IReadOnlyList<StoredResult>> NewestAsync(ResultKind kind, string? period, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return [.. (await NewestRowsAsync(registry, kind, period, ct)).OrderBy(r => r.Subject, StringComparer.Ordinal).ThenBy(r => r.Period, StringComparer.Ordinal).Select(ResultOf)];
    }

    public async Task<bool> AnyAsync(ResultKind kind, string period, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.Results.AnyAsync(r => r.Kind == kind && r.Period == period, ct);
    }

    public async Task<string> FingerprintAsync(ResultKind kind, IReadOnlyCollection<string> periods, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var results = registry.Results.AsNoTracking().Where(r => r.Kind == kind && periods.Contains(r.Period));
        var (count, newest) = (await results.CountAsync(ct), await results.MaxAsync(r => (Instant?)r.CreatedAt, ct));
        return string.Create(CultureInfo.InvariantCulture, $"{count}:{newest?.ToUnixTimeMilliseconds()}");
    }

    public async Task<IReadOnlyList<string>> PeriodsAsync(ResultKind kind, HouseholdId? subject, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var name = ResultRow.SubjectOf(subject);
        return await registry.Results.AsNoTracking().Where(r => r.Kind == kind && r.Subject == name).Select(r => r.Period).Distinct().OrderByDescending(p => p).ToListAsync(ct);
    }

    public static async Task<List<ResultRow>> NewestRowsAsync(RegistryContext registry, ResultKind kind, string? period, CancellationToken ct)
    {
        var rows = registry.Results.AsNoTracking().Where(r => r.Kind == kind && (period == null || r.Period == period));
        return await rows.Where(r => r.Version == rows.Where(o => o.Subject == r.Subject && o.Period == r.Period).Max(o => o.Version)).ToListAsync(ct);
    }

    private static IQueryable<ResultRow> Of(RegistryContext registry, ResultKey key)
    {
        var subject = ResultRow.SubjectOf(key.Subject);
        return registry.Results.AsNoTracking().Where(r => r.Kind == key.Kind && r.Subject == subject && r.Period == key.Period);
    }

    private static StoredResult ResultOf(ResultRow row) => new(
        new(row.Kind, row.Subject.Length > 0 ? HouseholdId.Parse(row.Subject) : null, row.Period), row.Version, row.CreatedAt, row.Json, row.Changes);
}
