namespace Grid.Analytics;

public enum Verdict
{
    Saved = 1,
    NoDetectableChange = 2,
    UsedMore = 3,
    NotEnoughData = 4,
}

public static class VerdictNames
{
    /// <summary>As the API and commands say it.</summary>
    public static string Name(this Verdict verdict) => verdict switch
    {
        Verdict.Saved => "saved",
        Verdict.NoDetectableChange => "no-detectable-change",
        Verdict.UsedMore => "used-more",
        _ => "not-enough-data",
    };
}

/// <summary>What can be said about one home: baseline, savings, and the verdict with its reasons (METHOD.md section 5).</summary>
/// <param name="Avoided">Null without a model. There also where the verdict is that the data is not enough, for whoever checks; a resident is not shown it then.</param>
/// <param name="Reasons">Why the data is not enough; empty otherwise.</param>
public sealed record SavingsEstimate(Baseline Baseline, AvoidedUse? Avoided, Verdict Verdict, IReadOnlyList<SufficiencyReason> Reasons)
{
    /// <summary>METHOD.md rule 5.11.</summary>
    public const int MinReportingDays = 28;

    /// <summary>METHOD.md rule 5.11.</summary>
    public const double MinReportingShare = 0.8;

    public const string NoModel = "no-model";
    public const string NoBand = "uncertainty-not-available";
    public const string ModelTooUncertain = "model-too-uncertain";
    public const string ShortReporting = "too-few-reporting-days";
    public const string MaskedReporting = "too-many-masked-reporting-days";

    /// <param name="reporting">Every day of the reporting period, one that lacks use or temperature included.</param>
    public static SavingsEstimate Of(Baseline baseline, IReadOnlyCollection<UseDay> reporting, double confidence = 0.9) =>
        Of(baseline, baseline is { Model: { } model, Statistics: { } statistics } ? AvoidedUse.Of(model, statistics, reporting, confidence) : null);

    /// <param name="avoided">Against the baseline's model; null if it has none.</param>
    public static SavingsEstimate Of(Baseline baseline, AvoidedUse? avoided)
    {
        if (avoided is null || baseline.Statistics is not { } statistics)
            return new(baseline, null, Verdict.NotEnoughData, [.. baseline.Sufficiency.Reasons, new(NoModel, 0, 1)]);
        baseline = baseline.FailedIfNegative(avoided.NegativeDays);
        List<SufficiencyReason> reasons = [.. baseline.Sufficiency.Reasons, .. Thin(statistics, avoided)];
        return new(baseline, avoided, reasons.Count > 0 ? Verdict.NotEnoughData : Judge(avoided), reasons);
    }

    private static IEnumerable<SufficiencyReason> Thin(FitStatistics statistics, AvoidedUse avoided)
    {
        var period = avoided.Days + avoided.MaskedDays;
        if (avoided.Days < MinReportingDays) yield return new(ShortReporting, avoided.Days, MinReportingDays);
        if (avoided.Days < MinReportingShare * period) yield return new(MaskedReporting, avoided.Days, Math.Ceiling(MinReportingShare * period));
        if (avoided.Bands is null) yield return new(NoBand, null, null);
        else if (statistics.Grade is ModelGrade.D) yield return new(ModelTooUncertain, statistics.CvRmse, 1);
    }

    // Rule 5.11: within the band nothing is claimed, in either direction.
    private static Verdict Judge(AvoidedUse avoided) =>
        Math.Abs(avoided.Savings) <= avoided.Bands!.Fsu ? Verdict.NoDetectableChange : avoided.Savings > 0 ? Verdict.Saved : Verdict.UsedMore;
}
