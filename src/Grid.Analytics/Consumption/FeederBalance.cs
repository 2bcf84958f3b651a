using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What flowed through a feeder in a day, beside what its meters tell (METHOD.md rule 1.15). Whole watt-hours.</summary>
/// <param name="FeederWh">Import less export of the feeder.</param>
/// <param name="BehindWh">The same, summed over what hangs behind it.</param>
/// <param name="InflowWh">All that came into the feeder's network, through it and from behind it.</param>
/// <param name="Meters">That the balance is of, the feeder's included.</param>
public sealed record FeederBalance(long FeederWh, long BehindWh, long InflowWh, int Meters)
{
    private const double MeterError = 0.01; // of class 1
    private const long RoundingWh = 2; // each meter has two registers, rounded at both ends of the day

    /// <summary>What went warm on the way.</summary>
    public long LossesWh => FeederWh - BehindWh;

    /// <param name="maxLosses">The largest share of the inflow, 0 to 1.</param>
    public bool Holds(double maxLosses)
    {
        var tolerance = (MeterError * InflowWh) + (RoundingWh * Meters);
        return LossesWh >= -tolerance && LossesWh <= (maxLosses * InflowWh) + tolerance;
    }

    /// <summary>True if a person said that what one of the meters told of the day is wrong: nothing is known to break then.</summary>
    public static bool IsRejected(Slot day, IEnumerable<MeteredInterval> meters) =>
        meters.Any(m => m.Install.Within(day) is var (start, end) && m.Curve.Between(start, end).Quality is Quality.Rejected);

    /// <param name="day">All of a local day.</param>
    /// <param name="feeder">The feeder's meter wherever it hung that day.</param>
    /// <param name="behind">Every meter that hung behind it that day, each as long as it did.</param>
    /// <returns>Null if one of them is not fully known, or nothing hung there.</returns>
    public static FeederBalance? Of(Slot day, IReadOnlyList<MeteredInterval> feeder, IReadOnlyCollection<MeteredInterval> behind)
    {
        List<MeteredInterval> there = [.. behind.Where(m => m.Install.Overlaps(day))];
        if (there.Count == 0 || !HouseholdConsumption.IsCovered(day, feeder) || Sum(feeder) is not var (import, export) || Sum(there) is not var (used, made)) return null;
        return new(import - export, used - made, import + made, there.Count + 1);

        (long ImportWh, long ExportWh)? Sum(IEnumerable<MeteredInterval> meters)
        {
            var (importWh, exportWh) = (0L, 0L);
            foreach (var (install, curve) in meters)
            {
                if (install.Within(day) is not var (start, end)) continue;
                var energy = curve.Between(start, end);
                if (energy.ImportWh is not { } drawn || (energy.ExportWh ?? (curve.TellsExport ? null : 0)) is not { } fed) return null;
                (importWh, exportWh) = (importWh + drawn, exportWh + fed);
            }

            return (importWh, exportWh);
        }
    }
}
