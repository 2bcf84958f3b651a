using System.Security.Claims;
using Grid.Domain;

namespace Grid.Portal;

/// <summary>The only way from a signed-in account to a household's data: what it hands out is bounded by the tenancy.</summary>
internal sealed class HouseholdAccess(ITenancies tenancies, IHouseholdDays days, IResults results)
{
    /// <summary>Null alike for a household that is another's, that does not exist, and that cannot exist.</summary>
    public async Task<OwnHousehold?> FindAsync(ClaimsPrincipal user, string? id, CancellationToken ct) =>
        HouseholdId.TryParse(id, out var household) && await tenancies.FindAsync(user.Account(), household, ct) is { } tenancy
            ? new(tenancy, days, results)
            : null;

    public Task<IReadOnlyList<Tenancy>> OfAsync(ClaimsPrincipal user, CancellationToken ct) => tenancies.OfAsync(user.Account(), ct);
}
