using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class Releases(IDbContextFactory<RegistryContext> contexts) : IReleases
{
    private static readonly string[] KnownToOperators = [ShownTo.Everybody.Name, ShownTo.Operators.Name, ShownTo.Treated.Name, ShownTo.Control.Name, ShownTo.Teams.Name];

    public async Task<IReadOnlyList<ShownGroup>> ShownAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await GroupsAsync(registry.Releases.Where(r => r.From < to && r.To > from), ct);
    }

    public async Task<IReadOnlyList<ShownGroup>> ShownToOperatorsAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await GroupsAsync(registry.Releases.Where(r => r.From < to && r.To > from && KnownToOperators.Contains(r.Audience)), ct);
    }

    /// <summary>The newest note of the ledger; 0 where it is empty.</summary>
    public static async Task<long> NewestAsync(RegistryContext registry, CancellationToken ct) => await registry.Releases.MaxAsync(r => (long?)r.Id, ct) ?? 0;

    /// <summary>Adds to the ledger what it does not have, in the caller's transaction.</summary>
    /// <param name="known">The newest note that whoever decided knew.</param>
    public static async Task AddAsync(RegistryContext registry, IReadOnlyList<ShownGroup> shown, long known, CancellationToken ct)
    {
        if (shown.Count == 0) return;
        // Two who decide at once must not both find the ledger as it was.
        if (!registry.Database.IsSqlite()) await registry.Database.ExecuteSqlRawAsync("""LOCK TABLE "Releases" IN SHARE ROW EXCLUSIVE MODE""", ct);
        var (from, to) = (shown.Min(s => s.Group.From), shown.Max(s => s.Group.To));
        if (await registry.Releases.AnyAsync(r => r.Id > known && r.From < to && r.To > from, ct)) throw new ToldMeanwhileException();
        var there = await registry.Releases.AsNoTracking().Where(r => r.From >= from && r.To <= to).ToListAsync(ct);
        var has = there.Select(KeyOf).ToHashSet();
        foreach (var row in shown.Select(RowOf))
            if (has.Add(KeyOf(row))) registry.Releases.Add(row);
    }

    private static async Task<IReadOnlyList<ShownGroup>> GroupsAsync(IQueryable<ReleaseRow> rows, CancellationToken ct) =>
    [
        .. (await rows.AsNoTracking().OrderBy(r => r.Id).ToListAsync(ct)).Select(r => new ShownGroup(
            ShownTo.Parse(r.Audience), new(new(r.RuleHomes, r.RuleShare), r.Homes.Split(',').Select(HouseholdId.Parse).ToHashSet(), r.From, r.To))),
    ];

    private static (string, LocalDate, LocalDate, int, double, string) KeyOf(ReleaseRow row) => (row.Audience, row.From, row.To, row.RuleHomes, row.RuleShare, row.Homes);

    private static ReleaseRow RowOf(ShownGroup shown) => new()
    {
        Audience = shown.Audience.Name, From = shown.Group.From, To = shown.Group.To, RuleHomes = shown.Group.Rule.Homes, RuleShare = shown.Group.Rule.MaxShare,
        Homes = string.Join(',', shown.Group.Homes.Order()),
    };
}
