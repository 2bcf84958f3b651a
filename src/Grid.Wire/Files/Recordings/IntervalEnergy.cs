namespace Grid.Wire;

/// <summary>What one household drew in one interval. An interval without a value is absent: a gap, never 0 Wh.</summary>
/// <param name="Start">Included.</param>
/// <param name="End">Excluded.</param>
public readonly record struct IntervalEnergy(string Household, Instant Start, Instant End, long Wh);

/// <summary>What one household drew on the mean of one interval, in whole watts.</summary>
/// <param name="Start">Included.</param>
/// <param name="End">Excluded.</param>
public readonly record struct IntervalPower(string Household, Instant Start, Instant End, long Watts);

/// <summary>One household's recording in time order.</summary>
public sealed record IntervalSeries(string Household, IReadOnlyList<IntervalEnergy> Intervals)
{
    public long TotalWh => Intervals.Sum(i => i.Wh);
}
