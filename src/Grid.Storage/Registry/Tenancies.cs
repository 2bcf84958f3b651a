using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class Tenancies(IDbContextFactory<RegistryContext> contexts) : ITenancies
{
    public async Task<Tenancy?> FindAsync(Guid account, HouseholdId household, CancellationToken ct) =>
        (await OfAsync(account, ct)).FirstOrDefault(t => t.Household.Id == household);

    public async Task<IReadOnlyList<Tenancy>> OfAsync(Guid account, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.Tenancies.AsNoTracking().Where(t => t.Account == account)
            .Join(registry.Households.AsNoTracking(), t => t.Household, h => h.Id, (t, h) => new { Tenancy = t, Household = h })
            .OrderByDescending(r => r.Tenancy.From).ToListAsync(ct);
        return [.. rows.Select(r => new Tenancy(account, r.Household, r.Tenancy.From, r.Tenancy.To))];
    }

    public async Task<IReadOnlyList<IReadOnlySet<HouseholdId>>> SharedAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.Tenancies.AsNoTracking().Where(t => t.From < to && (t.To == null || t.To > from)).Select(t => new { t.Account, t.Household }).ToListAsync(ct);
        return [.. rows.GroupBy(r => r.Account, r => r.Household).OrderBy(a => a.Key).Select(a => a.ToHashSet()).Where(homes => homes.Count > 1)];
    }

    public async Task<int> CountAsync(HouseholdId household, LocalDate from, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.Tenancies.CountAsync(t => t.Household == household && (t.To == null || t.To > from), ct);
    }

    public async Task<IReadOnlyList<LocalDate>> MovesAsync(HouseholdId household, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.Tenancies.AsNoTracking().Where(t => t.Household == household).Select(t => new { t.From, t.To }).ToListAsync(ct);
        return [.. rows.Select(r => (LocalDate?)r.From).Concat(rows.Select(r => r.To)).OfType<LocalDate>().Distinct().Order()];
    }
}
