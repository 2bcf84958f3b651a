using Grid.Domain;

namespace Grid.Analytics;

/// <summary>The half-hour in which a household drew most (METHOD.md rule 1.8).</summary>
/// <param name="SlotStart">Start of the half-hour.</param>
/// <param name="PeakDemandW">Its mean power.</param>
public sealed record PeakDemand(Instant SlotStart, long PeakDemandW)
{
    /// <returns>Null if no half-hour was measured.</returns>
    public static PeakDemand? Of(IEnumerable<HouseholdDay> days, LocalCalendar calendar)
    {
        PeakDemand? peak = null;
        foreach (var day in days.OrderBy(d => d.Day))
        {
            foreach (var (slot, energy) in calendar.SlotsOf(day.Day).Zip(day.Slots))
            {
                if (energy is not { Quality: Quality.Measured, ImportWh: { } wh }) continue;
                var watts = MeanPower.Watts(wh, slot.Length);
                if (peak is null || watts > peak.PeakDemandW) peak = new(slot.Start, watts);
            }
        }

        return peak;
    }
}

internal static class MeanPower
{
    public static long Watts(long wh, Duration length) => (long)Math.Round(wh / length.TotalHours, MidpointRounding.ToEven);
}
