using MathNet.Numerics.Distributions;

namespace Grid.Analytics;

/// <summary>
/// What a home would have used in a reporting period, had it gone on as in its baseline, beside what it used (METHOD.md rules 5.9 and 5.10).
/// In the meter's unit, kWh unless said otherwise.
/// </summary>
/// <param name="Days">Days of the period that have use and temperature, Q; only they are in the sums.</param>
/// <param name="MaskedDays">The period's other days.</param>
/// <param name="Counterfactual">By the baseline's model at the period's temperatures, in its parts.</param>
/// <param name="Bands">Null where the uncertainty cannot be computed.</param>
/// <param name="Bills">How many bills the days are of; null for the daily method.</param>
/// <param name="NegativeDays">Days of the period whose use is below zero, masked or not: who feeds in has no savings that can be told.</param>
public sealed record AvoidedUse(int Days, int MaskedDays, ModelledUse Counterfactual, double Observed, SavingsBands? Bands, int? Bills = null, int NegativeDays = 0)
{
    /// <summary>Positive if less was used than the model says.</summary>
    public double Savings => Counterfactual.Total - Observed;

    /// <param name="baseline">Of <paramref name="model"/>, on its own days.</param>
    /// <param name="reporting">The period's days; one that lacks use or temperature is masked.</param>
    /// <param name="confidence">Two-sided, 0 to 1.</param>
    public static AvoidedUse Of(BaselineModel model, FitStatistics baseline, IReadOnlyCollection<UseDay> reporting, double confidence = 0.9)
    {
        ModelledUse counterfactual = default;
        double observed = 0;
        var days = 0;
        foreach (var day in reporting)
        {
            if (day is not { Use: { } use, MeanF: { } meanF }) continue;
            counterfactual += model.Of(meanF);
            observed += use;
            days++;
        }

        return Of(baseline, days, reporting.Count - days, counterfactual, observed, confidence) with { NegativeDays = reporting.Count(d => d.Use < 0) };
    }

    /// <summary>The same of the bills that lie wholly in a reporting period of so many days (METHOD.md rule 5.18).</summary>
    public static AvoidedUse OfBills(BaselineModel model, FitStatistics baseline, IReadOnlyCollection<UseBill> reporting, int periodDays, double confidence = 0.9)
    {
        var days = reporting.Sum(b => b.Days);
        return Of(
            baseline, days, periodDays - days, reporting.Aggregate(default(ModelledUse), (sum, b) => sum + b.Modelled(model)), reporting.Sum(b => b.Use), confidence, reporting.Count)
            with { NegativeDays = reporting.Where(b => b.Use < 0).Sum(b => b.Days) };
    }

    /// <summary>Periods that follow one another as one, with one band for all.</summary>
    public static AvoidedUse Sum(FitStatistics baseline, IReadOnlyCollection<AvoidedUse> periods, double confidence = 0.9) => Of(
        baseline, periods.Sum(p => p.Days), periods.Sum(p => p.MaskedDays), periods.Aggregate(default(ModelledUse), (sum, p) => sum + p.Counterfactual), periods.Sum(p => p.Observed), confidence)
        with { NegativeDays = periods.Sum(p => p.NegativeDays) };

    private static AvoidedUse Of(FitStatistics baseline, int days, int masked, ModelledUse counterfactual, double observed, double confidence, int? bills = null) =>
        new(days, masked, counterfactual, observed, SavingsBands.Of(baseline, days, bills ?? days, counterfactual.Total, observed, confidence), bills);
}

/// <summary>Half widths of the interval around savings (METHOD.md rule 5.10).</summary>
/// <param name="Fsu">Fractional savings uncertainty × savings, of the counterfactual's total: the band that Grid shows.</param>
/// <param name="FsuOfBaseline">The same of the baseline's total, as eemeter 3.2 has it: right only for a reporting period as long as the baseline.</param>
/// <param name="Ols">Model and noise in quadrature.</param>
/// <param name="T">Student's quantile that all of them use.</param>
public sealed record SavingsBands(double Confidence, double T, double Fsu, double FsuOfBaseline, double Ols, double OlsModel, double OlsNoise)
{
    private const double DaysAMonth = 30;

    // Sun and Baltazar 2013, by way of CalTRACK 2.0 section 4.3.2.4.
    private static readonly (double A, double B, double D) Daily = (-0.00024, 0.03535, 1.00286);
    private static readonly (double A, double B, double D) Billing = (-0.00022, 0.03306, 0.94054);

    /// <param name="reportingRows">Of the baseline's kind: as many as days, or bills.</param>
    /// <returns>Null where there is no band: no day to report, residuals that depend on one another entirely, a mean of 0.</returns>
    public static SavingsBands? Of(FitStatistics baseline, int reportingDays, double reportingRows, double counterfactual, double observed, double confidence)
    {
        var (p, q) = ((double)baseline.Days, reportingRows);
        var (a, b, d) = baseline.DaysABill is null ? Daily : Billing;
        var freedom = baseline.Days - baseline.Slopes;
        if (reportingDays == 0 || freedom <= 0 || !double.IsFinite(baseline.CvRmse) || baseline.EffectiveDays is not { } effective || effective <= 2) return null;
        var t = StudentT.InvCDF(0, 1, freedom, (1 + confidence) / 2);
        var months = reportingDays / DaysAMonth;
        var share = t * ((a * months * months) + (b * months) + d) * baseline.CvRmse * Math.Sqrt(p / effective * (1 + (2 / effective)) / q);
        var shift = (observed / q) - baseline.MeanUse;
        var model = t * baseline.RmseAdjusted * q / Math.Sqrt(p) * (baseline.UseVariance > 0 ? Math.Sqrt(1 + (shift * shift / baseline.UseVariance)) : 1);
        var noise = t * baseline.RmseAdjusted * Math.Sqrt(q * p / effective);
        return new(confidence, t, share * Math.Abs(counterfactual), share * Math.Abs(baseline.MeanUse) * p, Math.Sqrt((model * model) + (noise * noise)), model, noise);
    }
}
