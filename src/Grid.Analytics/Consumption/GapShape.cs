using Grid.Domain;

namespace Grid.Analytics;

/// <summary>
/// How the energy of a gap is spread over it: like the same half-hours of the same weekday one and two weeks before and after (METHOD.md rule 1.7).
/// </summary>
internal sealed class GapShape
{
    /// <summary>How far away similar days lie.</summary>
    public const int ReachDays = 14;

    private const int WholeNumberForAnyCount = 12; // divisible by 1, 2, 3 and 4 similar days

    private static readonly int[] SimilarDays = [-14, -7, 7, 14];

    private readonly List<Instant> _borders;
    private readonly List<Int128> _before = [0];

    private GapShape(Instant start) => _borders = [start];

    /// <param name="measured">The energy of a half-hour, null where it was not measured.</param>
    /// <returns>Null where a half-hour has no similar one, or nothing was used in any.</returns>
    public static GapShape? Of(Slot gap, LocalCalendar calendar, Func<Slot, long?> measured)
    {
        GapShape shape = new(gap.Start);
        foreach (var day in calendar.DaysFrom(gap.Start, gap.End - Duration.Epsilon))
        {
            foreach (var slot in calendar.SlotsOf(day).Where(s => s.End > gap.Start && s.Start < gap.End))
            {
                List<long> similar = [.. SimilarDays.Select(days => measured(Shifted(slot, days, calendar))).OfType<long>()];
                if (similar.Count == 0) return null;
                var end = Instant.Min(slot.End, gap.End);
                var weight = (Int128)similar.Sum() * (WholeNumberForAnyCount / similar.Count) * (end - shape._borders[^1]).BclCompatibleTicks;
                shape._before.Add(shape._before[^1] + weight);
                shape._borders.Add(end);
            }
        }

        return shape._before[^1] > 0 ? shape : null;
    }

    /// <summary>How much of the gap's energy has passed at an instant within it.</summary>
    public (Int128 Part, Int128 Whole) ShareOf(Instant at)
    {
        var i = _borders.BinarySearch(at);
        if (i >= 0) return (_before[i], _before[^1]);
        i = ~i; // the border after it
        var (length, passed) = ((_borders[i] - _borders[i - 1]).BclCompatibleTicks, (at - _borders[i - 1]).BclCompatibleTicks);
        return (_before[i - 1] + ((_before[i] - _before[i - 1]) / length * passed), _before[^1]);
    }

    // By the clock on the wall: on a day without that half-hour the next one stands for it.
    private static Slot Shifted(Slot slot, int days, LocalCalendar calendar)
    {
        var start = slot.Start.InZone(calendar.Zone).LocalDateTime.PlusDays(days).InZoneLeniently(calendar.Zone).ToInstant();
        return new(start, start + slot.Length);
    }
}
