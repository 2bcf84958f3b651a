namespace Grid.Domain;

/// <summary>What was shown already to the same people: whose sum, over which days.</summary>
/// <param name="Rule">That it was shown by: a finer series has a stricter one.</param>
/// <param name="To">The day after the last.</param>
public sealed record ReleasedGroup(ReleaseRule Rule, IReadOnlySet<HouseholdId> Homes, LocalDate From, LocalDate To)
{
    public bool Overlaps(LocalDate from, LocalDate to) => From < to && from < To;
}

public sealed record ShownGroup(ShownTo Audience, ReleasedGroup Group);

/// <summary>The ledger of what was shown, against which every new aggregate is held (METHOD.md rule 3.4).</summary>
public interface IReleases
{
    /// <summary>All that was shown to anybody of days from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    Task<IReadOnlyList<ShownGroup>> ShownAsync(LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>The same without what only a home's residents were shown: what operators know.</summary>
    Task<IReadOnlyList<ShownGroup>> ShownToOperatorsAsync(LocalDate from, LocalDate to, CancellationToken ct);
}
