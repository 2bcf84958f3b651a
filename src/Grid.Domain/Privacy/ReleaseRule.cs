namespace Grid.Domain;

/// <summary>What an aggregate over homes must fulfil (METHOD.md rules 3.1 and 3.2).</summary>
/// <param name="Homes">At least so many.</param>
/// <param name="MaxShare">No home holds more of the sum of absolute values.</param>
public sealed record ReleaseRule(int Homes, double MaxShare = ReleaseRule.LargestShare)
{
    public const double LargestShare = 0.15;

    /// <summary>Sums and means of whole months and years, for everybody.</summary>
    public static ReleaseRule Totals { get; } = new(15);

    /// <summary>The mean of homes like one's own.</summary>
    public static ReleaseRule Neighbours { get; } = new(15);

    /// <summary>A percentile of homes like one's own.</summary>
    public static ReleaseRule Percentile { get; } = new(20);

    /// <summary>Any series of days, for everybody.</summary>
    public static ReleaseRule Daily { get; } = new(100);

    /// <summary>A day's curve of what panels make, for everybody; homes are those with panels.</summary>
    public static ReleaseRule Production { get; } = new(15);

    /// <summary>A load curve of half-hours or longer, for everybody; shorter steps are never released.</summary>
    /// <param name="days">How many days it covers.</param>
    public static ReleaseRule Curve(int days) => new(days <= 1 ? 100 : days <= 31 ? 500 : 5_000);
}
