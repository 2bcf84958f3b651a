using Grid.Domain;

namespace Grid.Analytics;

/// <summary>
/// A past day by the clock on the wall: 48 half-hours from midnight, whatever its length. A half-hour that came twice is the mean of both; one that did not
/// come is that of the half-hour before it.
/// </summary>
/// <param name="Wh">Watt-hours of each, 0 or more.</param>
public sealed record HistoryDay(LocalDate Day, IReadOnlyList<double> Wh)
{
    public const int HalfHours = 48;

    public double TotalWh { get; } = Wh.Sum();

    /// <param name="slots">Of the day in order, as many as it has.</param>
    public static HistoryDay Of(LocalDate day, IReadOnlyList<double> slots, LocalCalendar calendar)
    {
        var (sums, counts) = (new double[HalfHours], new int[HalfHours]);
        foreach (var (slot, wh) in calendar.SlotsOf(day).Zip(slots))
        {
            var index = IndexOf(slot.Start, calendar);
            sums[index] += wh;
            counts[index]++;
        }

        for (var i = 0; i < HalfHours; i++) sums[i] = counts[i] > 0 ? sums[i] / counts[i] : i > 0 ? sums[i - 1] : 0;
        return new(day, sums);
    }

    public static int IndexOf(Instant start, LocalCalendar calendar) => (int)(calendar.Local(start).TimeOfDay.TickOfDay / LocalCalendar.SlotLength.BclCompatibleTicks);
}
