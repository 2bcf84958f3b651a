using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>How far a cohort had to be sought: each reaches further than the one before.</summary>
public enum CohortReach
{
    Building = 1,
    Neighbourhood = 2,

    /// <summary>In the neighbourhood, however many live there.</summary>
    AnyOccupants = 3,

    /// <summary>In the neighbourhood, however many live there and however large it is.</summary>
    AnyArea = 4,
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
        List<Household> kin = [.. all.Where(other => other.Id != home.Id && other.Heating == home.Heating && other.Dwelling == home.Dwelling)
            .OrderBy(other => Distance(home, other)).ThenBy(other => other.Id)];
        foreach (var reach in Enum.GetValues<CohortReach>())
        {
            List<Household> chosen = [.. kin.Where(other => IsWithin(reach, home, other)).Take(Most)];
            // Widened until there are enough for the percentile; the last reach must do for the mean.
            var enough = reach is CohortReach.AnyArea ? ReleaseRule.Neighbours.Homes : ReleaseRule.Percentile.Homes;
            if (chosen.Count >= enough) return new(home.Id.Value, year, reach, [.. chosen.Select(other => other.Id).Order().Select(id => id.Value)], null);
        }

        return new(home.Id.Value, year, CohortReach.AnyArea, [], NeighbourComparison.TooFewHomes);
    }

    /// <summary>True if it must be chosen anew: more than a fifth of it has left, or it was too small and may not be any more.</summary>
    public bool IsWornOut(IReadOnlySet<HouseholdId> present) =>
        Hidden is not null || Members.Count(m => !present.Contains(HouseholdId.Parse(m))) > MostThatMayLeave * Members.Count;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, CohortJson.Default.Cohort);

    public static Cohort FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, CohortJson.Default.Cohort)
        ?? throw new JsonException("A stored cohort is null.");

    // What is not known of one of the two does not part them.
    private static bool IsWithin(CohortReach reach, Household home, Household other) =>
        (reach > CohortReach.Building || string.Equals(other.Building, home.Building, StringComparison.Ordinal))
        && (reach >= CohortReach.AnyOccupants || home.Occupants is not { } people || other.Occupants is not { } otherPeople || Math.Abs(otherPeople - people) <= OccupantsWithin)
        && (reach >= CohortReach.AnyArea || home.AreaM2 is not { } area || other.AreaM2 is not { } otherArea || Math.Abs(otherArea - area) <= AreaWithin * area);

    private static (bool, int, int) Distance(Household home, Household other) => (
        !string.Equals(other.Building, home.Building, StringComparison.Ordinal), Math.Abs((other.AreaM2 ?? 0) - (home.AreaM2 ?? 0)), Math.Abs((other.Occupants ?? 0) - (home.Occupants ?? 0)));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Cohort))]
internal sealed partial class CohortJson : JsonSerializerContext;
