using Grid.Domain;
using MathNet.Numerics.Statistics;

namespace Grid.Analytics;

public enum Grade
{
    Great = 1,
    Good = 2,
    Fair = 3,
}

/// <summary>A home beside the homes like it (METHOD.md section 2). Energies are watt-hours a day.</summary>
/// <param name="Homes">Rounded down to a multiple of 5; 0 where hidden.</param>
/// <param name="MeanWhPerDay">Null where hidden, and then <paramref name="Hidden"/> says why.</param>
/// <param name="EfficientWhPerDay">20th percentile; null below 20 homes.</param>
public sealed record NeighbourComparison(int Homes, long? MeanWhPerDay, long? EfficientWhPerDay, Grade? Grade, string? Hidden)
{
    public const string TooFewHomes = "too-few-homes";

    public const string OneHomeDominates = "one-home-dominates";

    public const string NotEnoughDays = "not-enough-days";

    public const string CouldBeSubtracted = "could-be-subtracted";

    /// <param name="others">The similar homes that count, without the home itself.</param>
    /// <param name="from">First day that the figures are of.</param>
    /// <param name="to">The day after the last.</param>
    /// <param name="forAll">What everybody has been shown of these days.</param>
    /// <param name="audiences">Who sees what the home's residents are shown.</param>
    public static NeighbourComparison Of(
        double ownWhPerDay, IReadOnlyDictionary<HouseholdId, double> others, LocalDate from, LocalDate to, IEnumerable<ReleasedGroup> forAll, IReadOnlyCollection<Audience> audiences)
    {
        if (Release.Check(ReleaseRule.Neighbours, others, from, to, forAll, audiences) is { } suppression) return HiddenBecause(suppression.Name());
        var mean = others.Values.Average();
        double? efficient = Release.Check(ReleaseRule.Percentile, others, audiences) is null ? others.Values.QuantileCustom(0.2, QuantileDefinition.R7) : null;
        return new(Release.RoundedCount(others.Count), Round(mean), efficient is { } line ? Round(line) : null, GradeOf(ownWhPerDay, mean, efficient), null);
    }

    public static NeighbourComparison HiddenBecause(string reason) => new(0, null, null, null, reason);

    // METHOD.md rule 2.4
    private static Grade GradeOf(double own, double mean, double? efficient) =>
        own <= efficient ? Analytics.Grade.Great : own <= mean ? Analytics.Grade.Good : Analytics.Grade.Fair;

    private static long Round(double value) => (long)Math.Round(value, MidpointRounding.ToEven);
}
