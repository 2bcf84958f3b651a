namespace Grid.Analytics;

public enum Verdict
{
    Saved = 1,
    NoDetectableChange = 2,
    UsedMore = 3,
    NotEnoughData = 4,
}

/// <summary>What can be said about one home: baseline, model, savings, and the verdict with its reasons (METHOD.md section 5).</summary>
/// <param name="Model">Null if the baseline has no valid days, or a negative mean.</param>
/// <param name="Avoided">Null without a model. There also where the verdict is that the data is not enough, for whoever checks; a resident is not shown it then.</param>
/// <param name="Reasons">Why the data is not enough; empty otherwise.</param>
public sealed record SavingsEstimate(
    Sufficiency Baseline, BaselineModel? Model, FitStatistics? Statistics, AvoidedUse? Avoided, Verdict Verdict, IReadOnlyList<SufficiencyReason> Reasons)
{
    /// <summary>METHOD.md rule 5.11.</summary>
    public const int MinReportingDays = 28;

    /// <summary>METHOD.md rule 5.11.</summary>
    public const double MinReportingShare = 0.8;

    public const string NoModel = "no-model";
    public const string NoBand = "uncertainty-not-available";
    public const string ModelTooUncertain = "model-too-uncertain";

    /// <param name="baseline">Days of the baseline, which reaches from <paramref name="first"/> to <paramref name="last"/>, both included.</param>
    /// <param name="reporting">Every day of the reporting period, one that lacks use or temperature included.</param>
    public static SavingsEstimate Of(
        IReadOnlyList<UseDay> baseline, LocalDate first, LocalDate last, IReadOnlyCollection<UseDay> reporting, bool cooling = true, double confidence = 0.9)
    {
        var sufficiency = Sufficiency.OfBaseline(baseline, first, last);
        double[] use = [.. baseline.Where(d => d.IsValid).Select(d => d.Use!.Value)];
        double[] meanF = [.. baseline.Where(d => d.IsValid).Select(d => d.MeanF!.Value)];
        if (ModelSearch.Best(use, meanF, cooling) is not { } model)
            return new(sufficiency, null, null, null, Verdict.NotEnoughData, [.. sufficiency.Reasons, new(NoModel, use.Length, 1)]);
        var statistics = FitStatistics.Of(model, use, meanF);
        var avoided = AvoidedUse.Of(model, statistics, reporting, confidence);
        List<SufficiencyReason> reasons = [.. sufficiency.Reasons, .. Thin(statistics, avoided)];
        return new(sufficiency, model, statistics, avoided, reasons.Count > 0 ? Verdict.NotEnoughData : Judge(avoided), reasons);
    }

    private static IEnumerable<SufficiencyReason> Thin(FitStatistics statistics, AvoidedUse avoided)
    {
        var period = avoided.Days + avoided.MaskedDays;
        if (avoided.Days < MinReportingDays) yield return new(Sufficiency.ShortReporting, avoided.Days, MinReportingDays);
        if (avoided.Days < MinReportingShare * period) yield return new(Sufficiency.MaskedReporting, avoided.Days, Math.Ceiling(MinReportingShare * period));
        if (avoided.Bands is null) yield return new(NoBand, statistics.EffectiveDays ?? 0, 2);
        else if (statistics.Grade is ModelGrade.D) yield return new(ModelTooUncertain, statistics.CvRmse, 1);
    }

    // Rule 5.11: within the band nothing is claimed, in either direction.
    private static Verdict Judge(AvoidedUse avoided) =>
        Math.Abs(avoided.Savings) <= avoided.Bands!.Fsu ? Verdict.NoDetectableChange : avoided.Savings > 0 ? Verdict.Saved : Verdict.UsedMore;
}
