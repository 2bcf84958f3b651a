using Grid.Domain;

namespace Grid.Analytics;

/// <summary>A value of an interval that starts at an instant; null where the interval has none.</summary>
public readonly record struct TimedValue(Instant Start, double? Value);

/// <summary>Interval values made into local days (METHOD.md rule 5.1).</summary>
/// <param name="Days">Every local day that has an interval in the data; null if too little of it is there, or it holds nothing.</param>
/// <param name="Conflicts">Instants that the data gives two different values for; the first was taken.</param>
/// <param name="IntervalChanges">Days from which on the intervals have another length than before.</param>
public sealed record DailyUse(IReadOnlyDictionary<LocalDate, double?> Days, IReadOnlyList<Instant> Conflicts, IReadOnlyList<LocalDate> IntervalChanges)
{
    private const double EnoughOfADay = 0.5;

    /// <param name="zeroIsAValue">A day without use is true for gas; for electricity it is a meter that says nothing.</param>
    public static DailyUse Of(IEnumerable<TimedValue> values, LocalCalendar calendar, bool zeroIsAValue)
    {
        SortedDictionary<Instant, double?> byStart = [];
        List<Instant> conflicts = [];
        foreach (var (start, value) in values)
        {
            if (byStart.TryAdd(start, value) || byStart[start] == value) continue;
            if (byStart[start] is not null && value is not null) conflicts.Add(start);
            byStart[start] ??= value;
        }

        var rows = byStart.Zip([.. byStart.Keys.Skip(1).Select(next => (Instant?)next), null], (row, next) => new Row(row.Key, row.Value, next - row.Key)).GroupBy(row => calendar.DayOf(row.Start)).ToList();
        var steps = IntervalSteps.Of([.. rows.Select(day => day.Select(row => row.ToNext).ToArray())]);
        Dictionary<LocalDate, double?> days = [];
        List<LocalDate> changes = [];
        for (var d = 0; d < rows.Count; d++)
        {
            days.Add(rows[d].Key, OfDay(rows[d], steps[d], [steps[Math.Max(d - 1, 0)], steps[Math.Min(d + 1, rows.Count - 1)]]));
            if (d > 0 && steps[d] != steps[d - 1]) changes.Add(rows[d].Key);
        }

        return new(days, conflicts, changes);

        double? OfDay(IGrouping<LocalDate, Row> day, Duration step, Duration[] around)
        {
            var whole = calendar.Whole(day.Key).Length;
            var present = Duration.Zero;
            double use = 0;
            foreach (var row in day)
            {
                if (row.Value is not { } value) continue;
                use += value;
                var length = row.ToNext is { } next && around.Contains(next) ? next : step; // where they change, a day has both
                present += length >= IntervalSteps.ShortestDay ? whole : length;
            }

            if (present <= whole * EnoughOfADay) return null;
            use *= Math.Max(1, whole / present);
            return use == 0 && !zeroIsAValue ? null : use;
        }
    }

    private readonly record struct Row(Instant Start, double? Value, Duration? ToNext);
}
