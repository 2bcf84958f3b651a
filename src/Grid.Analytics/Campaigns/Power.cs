using MathNet.Numerics.Distributions;

namespace Grid.Analytics;

/// <summary>What a campaign could have found (METHOD.md rule 6.6): shown beside every result, so that "nothing found" is not read as "nothing there".</summary>
public static class Power
{
    private const double Chance = 0.8;

    /// <summary>The smallest effect that would be found four times in five, in the unit of <paramref name="spread"/>.</summary>
    /// <param name="spread">Standard deviation between homes of their change.</param>
    /// <returns>Null where either arm has fewer than two homes.</returns>
    public static double? MinimumDetectableEffect(double spread, int treated, int control, double confidence = 0.95) => treated < 2 || control < 2
        ? null
        : (StudentT.InvCDF(0, 1, treated + control - 2, (1 + confidence) / 2) + Normal.InvCDF(0, 1, Chance)) * spread * Math.Sqrt((1.0 / treated) + (1.0 / control));
}
