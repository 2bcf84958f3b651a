namespace Grid.Analytics;

/// <summary>Two years compared as if both had had the same weather (METHOD.md rule 5.14): two models over one normal year.</summary>
/// <param name="Band">Both models' bands in quadrature; null if either has none.</param>
public sealed record NormalisedSavings(double Baseline, double Reporting, double? Band)
{
    public double Savings => Baseline - Reporting;

    /// <param name="reporting">Of the year after the change, fitted as a baseline is.</param>
    /// <returns>Null, with each year's reasons, if either year's model is not one to build on.</returns>
    public static (NormalisedSavings? Found, IReadOnlyList<SufficiencyReason> BaselineReasons, IReadOnlyList<SufficiencyReason> ReportingReasons) Of(
        Baseline baseline, Baseline reporting, IReadOnlyCollection<double> normalYearF, double confidence = 0.9)
    {
        List<SufficiencyReason> before = [.. Lacking(baseline)], after = [.. Lacking(reporting)];
        if (before.Count + after.Count > 0) return (null, before, after);
        var found = Of((baseline.Model!, baseline.Statistics!), (reporting.Model!, reporting.Statistics!), normalYearF, confidence);
        if (found.Band is not null) return (found, [], []);
        // Without a band of the one or the other the difference has none.
        SufficiencyReason noBand = new(SavingsEstimate.NoBand, null, null);
        return (null, [noBand], [noBand]);
    }

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
            return (use, SavingsBands.Of(year.Statistics, normalYearF.Count, normalYearF.Count / (year.Statistics.DaysABill ?? 1), use, use, confidence)?.Fsu);
        }
    }

    private static IEnumerable<SufficiencyReason> Lacking(Baseline year) => year switch
    {
        { Model: null } or { Statistics: null } => [.. year.Sufficiency.Reasons, new(SavingsEstimate.NoModel, 0, 1)],
        { Statistics: { Grade: ModelGrade.D } fit } => [.. year.Sufficiency.Reasons, new(SavingsEstimate.ModelTooUncertain, fit.CvRmse, 1)],
        _ => year.Sufficiency.Reasons,
    };
}
