using Grid.Domain;
using MathNet.Numerics.Statistics;

namespace Grid.Analytics;

/// <summary>What a household draws while everybody sleeps (METHOD.md rule 1.9).</summary>
public static class StandBy
{
    public const int MinimumNights = 20;

    private const double Floor = 0.05;

    private static readonly LocalTime From = new(1, 0);
    private static readonly LocalTime To = new(5, 0);

    /// <returns>Watts; null with too few measured nights.</returns>
    public static long? Watts(IEnumerable<HouseholdDay> days, LocalCalendar calendar)
    {
        var nights = 0;
        List<double> watts = [];
        foreach (var day in days)
        {
            var night = calendar.SlotsOf(day.Day).Zip(day.Slots).Where(s => calendar.Local(s.First.Start).TimeOfDay is var time && time >= From && time < To).ToList();
            List<double> measured = [.. night.Where(s => s.Second is { Quality: Quality.Measured, ImportWh: not null }).Select(s => s.Second.ImportWh!.Value / s.First.Length.TotalHours)];
            if (measured.Count * 2 < night.Count || measured.Count == 0) continue;
            nights++;
            watts.AddRange(measured);
        }

        return nights >= MinimumNights ? (long)Math.Round(watts.QuantileCustom(Floor, QuantileDefinition.R7), MidpointRounding.ToEven) : null;
    }
}
