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

    /// <param name="ownWhPerDay">Null if the home itself has too few complete days.</param>
    /// <param name="others">The similar homes that count, without the home itself.</param>
    public static NeighbourComparison Of(double? ownWhPerDay, IReadOnlyCollection<double> others)
    {
        if (ownWhPerDay is not { } own) return HiddenBecause(NotEnoughDays);
        if (Release.Check(ReleaseRule.Neighbours, others) is { } suppression)
            return HiddenBecause(suppression is Suppression.TooFewHomes ? TooFewHomes : OneHomeDominates);
        var mean = others.Average();
        double? efficient = Release.Check(ReleaseRule.Percentile, others) is null ? others.QuantileCustom(0.2, QuantileDefinition.R7) : null;
        return new(Release.RoundedCount(others.Count), Round(mean), efficient is { } line ? Round(line) : null, GradeOf(own, mean, efficient), null);
    }

    private static NeighbourComparison HiddenBecause(string reason) => new(0, null, null, null, reason);

    // METHOD.md rule 2.4
    private static Grade GradeOf(double own, double mean, double? efficient) =>
        own <= efficient ? Analytics.Grade.Great : own <= mean ? Analytics.Grade.Good : Analytics.Grade.Fair;

    private static long Round(double value) => (long)Math.Round(value, MidpointRounding.ToEven);
}
