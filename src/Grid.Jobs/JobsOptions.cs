using Grid.Domain;
using NodaTime.Text;

namespace Grid.Jobs;

/// <summary>How the jobs work: section <c>Grid:Jobs</c>.</summary>
public sealed class JobsOptions
{
    /// <summary>The day from which savings are counted, <c>2026-01-01</c>; empty: for each household the day on which its first year of data was complete.</summary>
    public string SavingsStart { get; set; } = "";

    /// <summary>Days for which raw readings are kept; longer where days may still have to be computed from them (<see cref="KeepRule"/>).</summary>
    public int KeepReadings { get; set; } = 90;

    public LocalDate? SavingsStartDay => LocalDatePattern.Iso.Parse(SavingsStart) is { Success: true, Value: var day } ? day : null;

    /// <summary>The largest share of what flows into a feeder's network that may be lost on the way (METHOD.md rule 1.15).</summary>
    public double FeederLosses { get; set; } = 0.1;

    public IEnumerable<string> Faults()
    {
        if (KeepReadings is < 1 or > 36_525) yield return "Grid:Jobs:KeepReadings must be between 1 and 36525 days.";
        if (SavingsStart.Length > 0 && SavingsStartDay is null) yield return $"Grid:Jobs:SavingsStart is '{SavingsStart}': write a day such as 2026-01-01.";
        if (!(FeederLosses is >= 0 and <= 1)) yield return FormattableString.Invariant($"Grid:Jobs:FeederLosses is {FeederLosses}: write a share from 0 to 1, such as 0.1 for 10 %.");
    }
}

/// <summary>Where Quartz keeps its triggers: a SQLite file of this node's own, or PostgreSQL, which many nodes share.</summary>
public sealed record JobStore(bool IsShared, string ConnectionString);
