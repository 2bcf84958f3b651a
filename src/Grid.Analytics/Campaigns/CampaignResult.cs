using Grid.Domain;
using MathNet.Numerics.Statistics;

namespace Grid.Analytics;

/// <summary>What a campaign changed, and what belongs beside the figure (METHOD.md section 6). kWh a day and home unless said; negative if less was used.</summary>
/// <param name="Treated">Homes of the arm that count.</param>
/// <param name="Change">Rule 6.4; null where nothing can be computed, or where <paramref name="Hidden"/> says why it is not told. So with what follows.</param>
/// <param name="Share">The same as a share of the control's mean after the start.</param>
/// <param name="Finer">Rule 6.5.</param>
/// <param name="MinimumDetectable">Rule 6.6.</param>
/// <param name="Placebo">Rule 6.7.</param>
/// <param name="SavedKwh">Rule 6.4 over all treated homes and days: positive if less was used.</param>
public sealed record CampaignResult(
    int Treated, int Control, int TreatedLost, int ControlLost, Effect? Change, Effect? Share, Effect? Finer, double? MinimumDetectable, Effect? Placebo, Effect? SavedKwh, Suppression? Hidden)
{
    /// <param name="homes">As assigned, those that do not count included.</param>
    /// <param name="from">First day of the year before the start.</param>
    /// <param name="start">First day of the campaign.</param>
    /// <param name="to">The day after its last.</param>
    /// <param name="forAll">What everybody has been shown of these days.</param>
    public static CampaignResult Of(IReadOnlyCollection<CampaignHome> homes, LocalDate from, LocalDate start, LocalDate to, IReadOnlyCollection<ReleasedGroup> forAll)
    {
        var arms = CampaignArms.Of(homes);
        var nothing = new CampaignResult(arms.Treated.Count, arms.Control.Count, arms.TreatedLost, arms.ControlLost, null, null, null, null, null, null, Check(arms, from, to, forAll));
        if (nothing.Hidden is not null || DifferenceInDifferences.Of(arms) is not { } change) return nothing;
        return nothing with
        {
            Change = change,
            Share = arms.Control.Average(h => h.MeanAfter) is > 0 and var mean ? change.Of(mean) : null,
            Finer = LaggedDependent.Of(arms),
            MinimumDetectable = Power.MinimumDetectableEffect(Spread(arms), arms.Treated.Count, arms.Control.Count),
            Placebo = DifferenceInDifferences.Placebo(arms),
            SavedKwh = change.Of(-1.0 / (arms.Treated.Count * Period.DaysBetween(start, to))),
        };
    }

    /// <summary>Each arm is a group that operators are told of: by itself, and beside what everybody knows.</summary>
    private static Suppression? Check(CampaignArms arms, LocalDate from, LocalDate to, IReadOnlyCollection<ReleasedGroup> forAll)
    {
        List<ReleasedGroup> shown = [.. forAll];
        IReadOnlyList<Audience> operators = [Audience.Public];
        foreach (var arm in new[] { arms.Treated, arms.Control })
        {
            var before = arm.ToDictionary(h => HouseholdId.Parse(h.Id), h => h.MeanBefore);
            var after = arm.ToDictionary(h => HouseholdId.Parse(h.Id), h => h.MeanAfter);
            if ((Release.Check(ReleaseRule.Totals, before, operators) ?? Release.Check(ReleaseRule.Totals, after, from, to, shown, operators)) is { } hidden) return hidden;
            shown.Add(new(ReleaseRule.Totals, after.Keys.ToHashSet(), from, to));
        }

        return null;
    }

    /// <summary>Standard deviation between homes of their change, of both arms together.</summary>
    private static double Spread(CampaignArms arms) => Math.Sqrt(
        (SquaresOf(arms.Treated) + SquaresOf(arms.Control)) / (arms.Treated.Count + arms.Control.Count - 2));

    private static double SquaresOf(IReadOnlyList<CampaignHome> arm) => arm.Select(h => h.MeanAfter - h.MeanBefore).Variance() * (arm.Count - 1);
}
