namespace Grid.Analytics;

/// <summary>Savings of several homes over the same dates (METHOD.md rule 5.13).</summary>
/// <param name="Homes">Homes in the sum.</param>
/// <param name="LeftOut">Homes whose model or band is missing, or whose model is of grade D.</param>
/// <param name="Band">Root of the sum of squares: the homes' errors taken as independent. A shock that all share breaks it, which is what a control group is for.</param>
public sealed record Portfolio(int Homes, int LeftOut, double Counterfactual, double Savings, double Band)
{
    public static Portfolio Of(IReadOnlyCollection<SavingsEstimate> homes)
    {
        double counterfactual = 0, savings = 0, squares = 0;
        var counted = 0;
        foreach (var home in homes)
        {
            if (home is not { Baseline.Statistics: { Grade: not ModelGrade.D }, Avoided: { Bands: { } bands } avoided }) continue;
            counted++;
            counterfactual += avoided.Counterfactual.Total;
            savings += avoided.Savings;
            squares += bands.Fsu * bands.Fsu;
        }

        return new(counted, homes.Count - counted, counterfactual, savings, Math.Sqrt(squares));
    }
}
