using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>How far away the homes of a cohort may be.</summary>
public enum CohortReach
{
    Building = 1,
    Neighbourhood = 2,
}

/// <summary>Whom a household is compared with in a calendar year (METHOD.md rules 2.1 and 2.5). Nobody but Grid sees the members.</summary>
/// <param name="Members">Ids, in order; empty where <paramref name="Hidden"/> says why.</param>
public sealed record Cohort(string Household, int Year, CohortReach Reach, IReadOnlyList<string> Members, string? Hidden)
{
    /// <summary>METHOD.md rule 2.1: about a hundred, as Opower's reports have it.</summary>
    public const int Most = 100;

    private const double AreaWithin = 0.25;
    private const int OccupantsWithin = 1;
    private const double MostThatMayLeave = 0.2;

    public static ResultKey Key(HouseholdId household, int year) => new(ResultKind.Cohort, household, year.ToString(CultureInfo.InvariantCulture));

    public static Cohort Of(Household home, IReadOnlyCollection<Household> all, int year)
    {
        List<Household> alike = [.. all.Where(other => other.Id != home.Id && IsLike(home, other)).OrderBy(other => Distance(home, other)).ThenBy(other => other.Id)];
        List<Household> near = [.. alike.Where(other => string.Equals(other.Building, home.Building, StringComparison.Ordinal))];
        // Widened only where the building has too few for the percentile.
        var (reach, chosen) = near.Count >= ReleaseRule.Percentile.Homes ? (CohortReach.Building, near) : (CohortReach.Neighbourhood, alike);
        return chosen.Count < ReleaseRule.Neighbours.Homes
            ? new(home.Id.Value, year, reach, [], NeighbourComparison.TooFewHomes)
            : new(home.Id.Value, year, reach, [.. chosen.Take(Most).Select(other => other.Id).Order().Select(id => id.Value)], null);
    }

    /// <summary>True if it must be chosen anew: more than a fifth of it has left, or it was too small and may not be any more.</summary>
    public bool IsWornOut(IReadOnlySet<HouseholdId> present) =>
        Hidden is not null || Members.Count(m => !present.Contains(HouseholdId.Parse(m))) > MostThatMayLeave * Members.Count;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, CohortJson.Default.Cohort);

    public static Cohort FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, CohortJson.Default.Cohort)
        ?? throw new JsonException("A stored cohort is null.");

    // What nobody knows of one of the two does not part them.
    private static bool IsLike(Household home, Household other) =>
        other.Heating == home.Heating && other.Dwelling == home.Dwelling
        && (home.AreaM2 is not { } area || other.AreaM2 is not { } otherArea || Math.Abs(otherArea - area) <= AreaWithin * area)
        && (home.Occupants is not { } people || other.Occupants is not { } otherPeople || Math.Abs(otherPeople - people) <= OccupantsWithin);

    private static (bool, int, int) Distance(Household home, Household other) => (
        !string.Equals(other.Building, home.Building, StringComparison.Ordinal), Math.Abs((other.AreaM2 ?? 0) - (home.AreaM2 ?? 0)), Math.Abs((other.Occupants ?? 0) - (home.Occupants ?? 0)));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Cohort))]
internal sealed partial class CohortJson : JsonSerializerContext;
