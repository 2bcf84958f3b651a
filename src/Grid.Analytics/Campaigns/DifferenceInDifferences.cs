using MathNet.Numerics.Statistics;

namespace Grid.Analytics;

/// <summary>
/// The change of the treated homes less the change of the control, by Welch's test (METHOD.md rule 6.4). One value a home before and one
/// after, so that a home's months cannot pass for independent ones (Bertrand et al. 2004).
/// </summary>
public static class DifferenceInDifferences
{
    /// <param name="treated">Each treated home's mean after less its mean before.</param>
    /// <returns>Null where either arm has fewer than two homes, or none differs from another.</returns>
    public static Effect? Of(IReadOnlyCollection<double> treated, IReadOnlyCollection<double> control, double confidence = 0.95)
    {
        if (treated.Count < 2 || control.Count < 2) return null;
        var (t, c) = (treated.Variance() / treated.Count, control.Variance() / control.Count);
        if (t + c == 0) return null;
        var freedom = (t + c) * (t + c) / ((t * t / (treated.Count - 1)) + (c * c / (control.Count - 1)));
        return new(treated.Average() - control.Average(), Math.Sqrt(t + c), freedom, confidence);
    }

    public static Effect? Of(CampaignArms arms, double confidence = 0.95) =>
        Of([.. arms.Treated.Select(h => h.Change)], [.. arms.Control.Select(h => h.Change)], confidence);

    /// <summary>
    /// The same of two halves of the year before, when nothing had been done yet (METHOD.md rule 6.7): an interval that does not hold 0 says
    /// that the arms were not alike.
    /// </summary>
    public static Effect? Placebo(CampaignArms arms, double confidence = 0.95) =>
        Of([.. arms.Treated.Select(h => h.ChangeBefore)], [.. arms.Control.Select(h => h.ChangeBefore)], confidence);
}
