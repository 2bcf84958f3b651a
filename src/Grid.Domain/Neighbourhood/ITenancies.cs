namespace Grid.Domain;

/// <summary>Which account may see which household, and for which days. The only way to a household's data.</summary>
public interface ITenancies
{
    /// <summary>The household as this account may see it; null if it may not, or if there is no such household.</summary>
    Task<Tenancy?> FindAsync(Guid account, HouseholdId household, CancellationToken ct);

    Task<IReadOnlyList<Tenancy>> OfAsync(Guid account, CancellationToken ct);

    /// <summary>The households of each account that may see more than one on days from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    Task<IReadOnlyList<IReadOnlySet<HouseholdId>>> SharedAsync(LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>How many accounts see a household on a day or later.</summary>
    Task<int> CountAsync(HouseholdId household, LocalDate from, CancellationToken ct);

    /// <summary>The local days at whose start somebody moved in or out, in order.</summary>
    Task<IReadOnlyList<LocalDate>> MovesAsync(HouseholdId household, CancellationToken ct);
}

/// <param name="From">First local day that the account may see.</param>
/// <param name="To">First local day that it may no longer see; null while it lives there.</param>
public sealed record Tenancy(Guid Account, Household Household, LocalDate From, LocalDate? To)
{
    public bool Covers(LocalDate day) => From <= day && (To is null || day < To);
}
