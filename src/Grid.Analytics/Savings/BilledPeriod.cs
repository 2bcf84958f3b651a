namespace Grid.Analytics;

/// <summary>What was used from one meter read to the next, as billed (METHOD.md rule 5.16).</summary>
/// <param name="First">First local day.</param>
/// <param name="Next">The day of the next read, which the bill no longer covers.</param>
/// <param name="Use">In the meter's unit, kWh unless said otherwise; null if it is not known.</param>
/// <param name="IsEstimated">The read that ends it was estimated; the next bill sets it right.</param>
public readonly record struct BilledPeriod(LocalDate First, LocalDate Next, double? Use, bool IsEstimated = false)
{
    public int Days => Period.DaysBetween(First, Next);
}
