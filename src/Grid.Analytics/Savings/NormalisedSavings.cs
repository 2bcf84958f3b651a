namespace Grid.Analytics;

/// <summary>Two years compared as if both had had the same weather (METHOD.md rule 5.14): two models over one normal year.</summary>
/// <param name="Band">Both models' bands in quadrature; null if either has none.</param>
public sealed record NormalisedSavings(double Baseline, double Reporting, double? Band)
{
    public double Savings => Baseline - Reporting;

    /// <param name="normalYearF">Mean temperature of each day of the normal year, degrees Fahrenheit.</param>
    public static NormalisedSavings Of(
        (BaselineModel Model, FitStatistics Statistics) baseline, (BaselineModel Model, FitStatistics Statistics) reporting, IReadOnlyCollection<double> normalYearF, double confidence = 0.9)
    {
        var (before, bandBefore) = Over(baseline);
        var (after, bandAfter) = Over(reporting);
        return new(before, after, bandBefore is { } b && bandAfter is { } a ? Math.Sqrt((b * b) + (a * a)) : null);

        (double Use, double? Band) Over((BaselineModel Model, FitStatistics Statistics) year)
        {
            var use = normalYearF.Sum(f => year.Model.Of(f).Total);
            return (use, SavingsBands.Of(year.Statistics, normalYearF.Count, use, use, confidence)?.Fsu);
        }
    }
}
