using System.Text.Json.Serialization;
using MathNet.Numerics.Statistics;

namespace Grid.Analytics;

public enum SufficiencyStatus
{
    NoData = 1,
    Fail = 2,
    Pass = 3,
}

/// <param name="Code">For programs, such as <c>too-few-valid-days</c>.</param>
/// <param name="Figure">What was found; null where no figure says it.</param>
/// <param name="Bound">What it is held against; null without a figure.</param>
/// <param name="Bill">First local day of the bill that it is about, <c>2026-01-01</c>; null if it is about none.</param>
public sealed record SufficiencyReason(
    string Code, double? Figure, double? Bound, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Bill = null);

/// <summary>Whether a period's days are enough to build on (METHOD.md rule 5.4).</summary>
/// <param name="Reasons">Why it failed.</param>
/// <param name="Warnings">What somebody should look at, and did not make it fail.</param>
public sealed record Sufficiency(SufficiencyStatus Status, IReadOnlyList<SufficiencyReason> Reasons, IReadOnlyList<SufficiencyReason> Warnings)
{
    public const int BaselineDays = 365;

    public const string NoData = "no-data";
    public const string WrongLength = "wrong-baseline-length";
    public const string TooFewValidDays = "too-few-valid-days";
    public const string TooFewMeterDays = "too-few-meter-days";
    public const string TooFewTemperatureDays = "too-few-temperature-days";
    public const string DataBefore = "data-before-start";
    public const string DataAfter = "data-after-end";
    public const string NegativeUse = "negative-use";
    public const string ExtremeUse = "extreme-use";

    /// <summary>METHOD.md rule 5.15.</summary>
    public const string FeedsIn = "feeds-in";

    private const double ValidShare = 0.9;

    /// <summary>A baseline from its first day to its last, both included.</summary>
    public static Sufficiency OfBaseline(IReadOnlyList<UseDay> days, LocalDate first, LocalDate last)
    {
        List<UseDay> inside = [.. days.Where(d => d.Day >= first && d.Day <= last)];
        if (!inside.Exists(d => d.Use is not null)) return new(SufficiencyStatus.NoData, [new(NoData, 0, BaselineDays)], []);

        List<SufficiencyReason> reasons = [];
        var length = Period.DaysBetween(first, last) + 1;
        if (length != BaselineDays) reasons.Add(new(WrongLength, length, BaselineDays));
        AtLeast(TooFewValidDays, inside.Count(d => d.Use is not null && HasTemperature(d)));
        AtLeast(TooFewMeterDays, inside.Count(d => d.Use is not null));
        AtLeast(TooFewTemperatureDays, inside.Count(HasTemperature));
        None(DataBefore, days.Count(d => d.Day < first && d.Use is not null));
        None(DataAfter, days.Count(d => d.Day > last && d.Use is not null));
        None(NegativeUse, inside.Count(d => d.Use < 0));
        return new(reasons.Count == 0 ? SufficiencyStatus.Pass : SufficiencyStatus.Fail, reasons, ExtremeDays(inside));

        void AtLeast(string code, int found)
        {
            if (found < ValidShare * length) reasons.Add(new(code, found, Math.Ceiling(ValidShare * length)));
        }

        void None(string code, int found)
        {
            if (found > 0) reasons.Add(new(code, found, 0));
        }
    }

    /// <summary>The same, failed for one more reason.</summary>
    public Sufficiency FailedBy(SufficiencyReason reason) => this with { Status = Status is SufficiencyStatus.NoData ? Status : SufficiencyStatus.Fail, Reasons = [.. Reasons, reason] };

    /// <summary>The same, failed for so many more days below zero.</summary>
    public Sufficiency FailedByNegative(int days) =>
        (this with { Reasons = [.. Reasons.Where(r => r.Code is not NegativeUse)] }).FailedBy(new(NegativeUse, days + (Reasons.FirstOrDefault(r => r.Code is NegativeUse)?.Figure ?? 0), 0));

    private static bool HasTemperature(UseDay day) => day.MeanF is not null && day.TemperatureShare > ValidShare;

    // Rule 5.2: kept, since a cold spell is extreme too.
    private static List<SufficiencyReason> ExtremeDays(List<UseDay> days)
    {
        double[] use = [.. days.Where(d => d.Use is not null).Select(d => d.Use!.Value)];
        var bound = use.QuantileCustom(0.5, QuantileDefinition.R7) + (3 * (use.QuantileCustom(0.75, QuantileDefinition.R7) - use.QuantileCustom(0.25, QuantileDefinition.R7)));
        var extreme = use.Count(u => u > bound);
        return extreme > 0 ? [new(ExtremeUse, extreme, bound)] : [];
    }
}
