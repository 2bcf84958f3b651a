namespace Grid.Analytics;

/// <summary>Savings of several homes over the same dates (METHOD.md rule 5.13).</summary>
/// <param name="Homes">Homes in the sum.</param>
/// <param name="LeftOut">Homes whose data do not suffice, such as those that feed in, whose model or band is missing, or whose model is of grade D.</param>
/// <param name="Band">Root of the sum of squares: the homes' errors taken as independent. A shock that all share breaks it, which is what a control group is for.</param>
public sealed record Portfolio(int Homes, int LeftOut, double Counterfactual, double Savings, double Band)
{
    public static Portfolio Of(IReadOnlyCollection<SavingsEstimate> homes) =>
        Of(homes, h => Counts(h) && h.Avoided is { Bands: { } bands } avoided ? (avoided.Counterfactual.Total, avoided.Savings, bands.Fsu) : null);

    /// <summary>True if the home is in a sum.</summary>
    public static bool Counts(SavingsEstimate home) => home is { Baseline: { Sufficiency.Status: SufficiencyStatus.Pass, Statistics: { Grade: not ModelGrade.D } }, Avoided.Bands: not null };

    /// <summary>The same of stored ones. A home that may say nothing of its savings is left out.</summary>
    public static Portfolio Of(IReadOnlyCollection<SavedEnergy> homes) =>
        Of(homes, h => h is { Verdict: not Verdict.NotEnoughData, BandKwh: { } band } ? (h.UsedKwh + h.SavedKwh, h.SavedKwh, band) : null);

    private static Portfolio Of<T>(IReadOnlyCollection<T> homes, Func<T, (double Counterfactual, double Savings, double Band)?> figures)
    {
        double counterfactual = 0, savings = 0, squares = 0;
        var counted = 0;
        foreach (var home in homes)
        {
            if (figures(home) is not var (expected, saved, band)) continue;
            counted++;
            counterfactual += expected;
            savings += saved;
            squares += band * band;
        }

        return new(counted, homes.Count - counted, counterfactual, savings, Math.Sqrt(squares));
    }
}
