using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Why an aggregate may not be shown.</summary>
public enum Suppression
{
    /// <summary>METHOD.md rule 3.1.</summary>
    TooFewHomes = 1,

    /// <summary>METHOD.md rule 3.2.</summary>
    OneHomeDominates = 2,
}

/// <summary>Decides whether an aggregate over homes gives none of them away (METHOD.md section 3).</summary>
public static class Release
{
    public const int HomesForMean = 15;

    public const int HomesForPercentile = 20;

    public const double MaxShare = 0.15;

    /// <returns>Null if the aggregate of these values may be shown.</returns>
    public static Suppression? Check(IReadOnlyCollection<double> values, int homes = HomesForMean)
    {
        if (values.Count < homes) return Suppression.TooFewHomes;
        var total = values.Sum(Math.Abs);
        return total > 0 && values.Max(Math.Abs) > MaxShare * total ? Suppression.OneHomeDominates : null;
    }

    /// <summary>A number of homes, coarse enough to hide who came or left.</summary>
    public static int RoundedCount(int homes) => homes / 5 * 5;
}
