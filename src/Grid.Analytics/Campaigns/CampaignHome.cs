namespace Grid.Analytics;

/// <summary>One home of a campaign, by intention to treat: whoever opts out stays in (METHOD.md rule 6.2).</summary>
/// <param name="Treated">Assigned to the treatment, whatever came of it.</param>
/// <param name="Before">Mean use a day of the 12 months before the start, the oldest first; null where a month is missing.</param>
/// <param name="After">Mean use a day of the months from the start on; the first is a year after the first of <paramref name="Before"/>.</param>
public sealed record CampaignHome(string Id, bool Treated, IReadOnlyList<double?> Before, IReadOnlyList<double?> After)
{
    private const int MonthsBefore = 12;
    private const int EnoughBefore = 11;

    /// <summary>Has enough months to be counted (METHOD.md rule 6.3).</summary>
    public bool Counts => Before.Count == MonthsBefore && Before.Count(m => m is not null) >= EnoughBefore && After.Count > 0 && After.All(m => m is not null);

    public double MeanBefore => Before.OfType<double>().Average();

    public double MeanAfter => After.OfType<double>().Average();

    public double Change => MeanAfter - MeanBefore;

    /// <summary>The same of the two halves of the year before, when nothing had been done yet.</summary>
    public double ChangeBefore => Before.Skip(MonthsBefore / 2).OfType<double>().Average() - Before.Take(MonthsBefore / 2).OfType<double>().Average();
}

/// <summary>The homes that count, and how many of each arm do not.</summary>
public sealed record CampaignArms(IReadOnlyList<CampaignHome> Treated, IReadOnlyList<CampaignHome> Control, int TreatedLost, int ControlLost)
{
    public static CampaignArms Of(IEnumerable<CampaignHome> homes)
    {
        var (counted, lost) = (homes.Where(h => h.Counts).ToLookup(h => h.Treated), homes.Where(h => !h.Counts).ToLookup(h => h.Treated));
        return new([.. counted[true]], [.. counted[false]], lost[true].Count(), lost[false].Count());
    }
}
