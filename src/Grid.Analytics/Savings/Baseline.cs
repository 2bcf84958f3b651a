namespace Grid.Analytics;

/// <summary>How a home used energy before a change, as a function of the weather (METHOD.md rules 5.4 to 5.8).</summary>
/// <param name="Model">Null if there are no valid days, or their mean is negative.</param>
/// <param name="Statistics">Of the model on its own days; null without one.</param>
public sealed record Baseline(Sufficiency Sufficiency, BaselineModel? Model, FitStatistics? Statistics)
{
    /// <summary>METHOD.md rule 5.15.</summary>
    public Baseline FailedIfFeedingIn(double days) => days > 0 && !Sufficiency.Reasons.Any(r => r.Code is Sufficiency.FeedsIn)
        ? this with { Sufficiency = Sufficiency.FailedBy(new(Sufficiency.FeedsIn, days, 0)) }
        : this;

    /// <summary>The same for days below zero in the reporting period (METHOD.md rule 5.11); they are one reason with the baseline's own.</summary>
    public Baseline FailedIfNegative(int days) => days > 0 ? this with { Sufficiency = Sufficiency.FailedByNegative(days) } : this;

    /// <param name="days">Days of the baseline, which reaches from <paramref name="first"/> to <paramref name="last"/>, both included.</param>
    /// <param name="cooling">False for gas: no model in which hot days use more.</param>
    public static Baseline Fit(IReadOnlyList<UseDay> days, LocalDate first, LocalDate last, bool cooling = true)
    {
        double[] use = [.. days.Where(d => d.IsValid).Select(d => d.Use!.Value)];
        double[] meanF = [.. days.Where(d => d.IsValid).Select(d => d.MeanF!.Value)];
        return Fit(Sufficiency.OfBaseline(days, first, last), FitRows.OfDays(use, meanF), cooling);
    }

    /// <summary>The same of bills that lie wholly in the baseline (METHOD.md rule 5.17).</summary>
    public static Baseline FitBills(IReadOnlyCollection<UseBill> bills, LocalDate first, LocalDate last, bool cooling = true) =>
        Fit(Sufficiency.OfBaseline(BilledUse.Days(bills), first, last), FitRows.OfBills(bills), cooling);

    private static Baseline Fit(Sufficiency sufficiency, FitRows rows, bool cooling) =>
        ModelSearch.Best(rows, cooling) is { } model ? new(sufficiency, model, FitStatistics.Of(model, rows)) : new(sufficiency, null, null);
}
