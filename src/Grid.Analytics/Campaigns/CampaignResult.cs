using Grid.Domain;
using MathNet.Numerics.Statistics;

namespace Grid.Analytics;

/// <summary>What a campaign changed, and what belongs beside the figure (METHOD.md section 6). kWh a day and home unless said; negative if less was used.</summary>
/// <param name="Treated">Homes of the arm that count, rounded down to a multiple of 5; so with the other numbers of homes.</param>
/// <param name="Change">Rule 6.4; null where nothing can be computed, or where <paramref name="Hidden"/> says why it is not told. So with what follows.</param>
/// <param name="Share">The same as a share of the control's mean after the start.</param>
/// <param name="Finer">Rule 6.5.</param>
/// <param name="MinimumDetectable">Rule 6.6.</param>
/// <param name="Placebo">Rule 6.7; null too where a home dominates the changes that it is made of.</param>
/// <param name="SavedKwh">Rule 6.4 over the days and <paramref name="Treated"/> homes: positive if less was used.</param>
public sealed record CampaignResult(
    int Treated, int Control, int TreatedLost, int ControlLost, Effect? Change, Effect? Share, Effect? Finer, double? MinimumDetectable, Effect? Placebo, Effect? SavedKwh, Suppression? Hidden)
{
    /// <param name="homes">As assigned, those that do not count included.</param>
    /// <param name="from">First day of the year before the start.</param>
    /// <param name="start">First day of the campaign.</param>
    /// <param name="to">The day after its last.</param>
    /// <param name="audiences">With what they have been shown of these days.</param>
    public static (CampaignResult Result, IReadOnlyList<ShownGroup> Shown) Of(IReadOnlyCollection<CampaignHome> homes, LocalDate from, LocalDate start, LocalDate to, Audiences audiences)
    {
        var arms = CampaignArms.Of(homes);
        var nothing = new CampaignResult(
            Release.RoundedCount(arms.Treated.Count), Release.RoundedCount(arms.Control.Count), Release.RoundedCount(arms.TreatedLost), Release.RoundedCount(arms.ControlLost),
            null, null, null, null, null, null, Check(arms, from, to, audiences));
        if (nothing.Hidden is not null || DifferenceInDifferences.Of(arms) is not { } change) return (nothing, []);
        var result = nothing with
        {
            Change = change,
            Share = arms.Control.Average(h => h.MeanAfter) is > 0 and var mean ? change.Of(mean) : null,
            Finer = LaggedDependent.Of(arms),
            MinimumDetectable = Power.MinimumDetectableEffect(Spread(arms), arms.Treated.Count, arms.Control.Count),
            Placebo = IsOfMany(arms.Treated, h => h.ChangeBefore) && IsOfMany(arms.Control, h => h.ChangeBefore) ? DifferenceInDifferences.Placebo(arms) : null,
            SavedKwh = change.Of(-1.0 / (nothing.Treated * Period.DaysBetween(start, to))),
        };
        return (result, [Told(ShownTo.Treated, arms.Treated), Told(ShownTo.Control, arms.Control)]);

        ShownGroup Told(ShownTo whom, IReadOnlyList<CampaignHome> arm) => new(whom, new(ReleaseRule.Totals, arm.Select(h => HouseholdId.Parse(h.Id)).ToHashSet(), from, to));
    }

    private static Suppression? Check(CampaignArms arms, LocalDate from, LocalDate to, Audiences audiences)
    {
        IReadOnlyList<Audience> operators = [audiences.Operators];
        return Release.Check(ReleaseRule.Totals, Means(arms.Treated, h => h.MeanBefore), operators)
            ?? Release.Check(ReleaseRule.Totals, Means(arms.Control, h => h.MeanBefore), operators)
            ?? Release.CheckDifference(
                ReleaseRule.Totals, (Means(arms.Treated, h => h.MeanAfter), Means(arms.Control, h => h.MeanAfter)), from, to,
                [.. audiences.ForAll, .. audiences.Operators.Shown], audiences.Treated, audiences.Control)
            ?? (IsOfMany(arms.Treated, h => h.Change) && IsOfMany(arms.Control, h => h.Change) ? null : Suppression.OneHomeDominates);
    }

    /// <summary>What is told are changes: of one home's, with all others as before, the interval would say that it is one home's.</summary>
    private static bool IsOfMany(IReadOnlyList<CampaignHome> arm, Func<CampaignHome, double> change) => Release.Check(ReleaseRule.Totals, Means(arm, change), [Audience.Public]) is null;

    private static Dictionary<HouseholdId, double> Means(IReadOnlyList<CampaignHome> arm, Func<CampaignHome, double> mean) => arm.ToDictionary(h => HouseholdId.Parse(h.Id), mean);

    /// <summary>Standard deviation between homes of their change, of both arms together.</summary>
    private static double Spread(CampaignArms arms) => Math.Sqrt(
        (SquaresOf(arms.Treated) + SquaresOf(arms.Control)) / (arms.Treated.Count + arms.Control.Count - 2));

    private static double SquaresOf(IReadOnlyList<CampaignHome> arm) => arm.Select(h => h.Change).Variance() * (arm.Count - 1);
}
