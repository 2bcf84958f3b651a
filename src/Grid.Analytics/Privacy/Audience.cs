using Grid.Domain;

namespace Grid.Analytics;

/// <summary>People who know the same homes and are shown the same.</summary>
/// <param name="Own">The homes that they know, as a resident knows theirs: more than one where an account has more, none for the public and operators.</param>
/// <param name="Shown">What they were shown beyond what everybody was.</param>
public sealed record Audience(IReadOnlySet<HouseholdId> Own, IReadOnlyList<ReleasedGroup> Shown)
{
    /// <summary>Who knows no home: the public, and operators (METHOD.md rule 3.5).</summary>
    public static Audience Public { get; } = new(new HashSet<HouseholdId>(), []);
}
