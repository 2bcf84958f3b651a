using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>Cuts and moves recordings before they are replayed.</summary>
public static class Recordings
{
    private static readonly Duration Week = Duration.FromDays(7);

    /// <summary>The intervals that lie wholly from <paramref name="from"/> to <paramref name="to"/>; households left with none are left out.</summary>
    public static IReadOnlyList<IntervalSeries> Cut(IReadOnlyList<IntervalSeries> recording, Instant? from, Instant? to) =>
        [.. recording
            .Select(series => series with { Intervals = [.. series.Intervals.Where(i => (from is null || i.Start >= from) && (to is null || i.End <= to))] })
            .Where(series => series.Intervals.Count > 0)];

    /// <summary>
    /// Moves everything by whole weeks, so that the last interval ends within the week before <paramref name="now"/> and never
    /// after it. Weekdays and hours stay what they were, in UTC.
    /// </summary>
    public static IReadOnlyList<IntervalSeries> ShiftTo(IReadOnlyList<IntervalSeries> recording, Instant now)
    {
        if (recording.Count == 0) return recording;
        var by = ShiftOf(recording.Max(series => series.Intervals[^1].End), now);
        return [.. recording.Select(series => series with { Intervals = [.. series.Intervals.Select(i => i with { Start = i.Start + by, End = i.End + by })] })];
    }

    private static Duration ShiftOf(Instant end, Instant now) => Week * Math.Floor((now - end) / Week);
}
