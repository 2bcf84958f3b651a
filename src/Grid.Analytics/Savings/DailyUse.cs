using Grid.Domain;

namespace Grid.Analytics;

/// <summary>A value of an interval that starts at an instant; null where the interval has none.</summary>
public readonly record struct TimedValue(Instant Start, double? Value);

/// <summary>Interval values made into local days (METHOD.md rule 5.1).</summary>
/// <param name="Days">Every local day that has an interval in the data; null if too little of it is there, or it holds nothing.</param>
/// <param name="Conflicts">Instants that the data gives two different values for; the first was taken.</param>
public sealed record DailyUse(IReadOnlyDictionary<LocalDate, double?> Days, IReadOnlyList<Instant> Conflicts)
{
    private const double EnoughOfADay = 0.5;
    private static readonly Duration ShortestDay = Duration.FromHours(23);

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

        var interval = UsualStep([.. byStart.Keys]);
        var days = byStart.GroupBy(v => calendar.DayOf(v.Key)).ToDictionary(day => day.Key, day => OfDay(day.Key, [.. day.Select(v => v.Value).OfType<double>()]));
        return new(days, conflicts);

        double? OfDay(LocalDate day, double[] present)
        {
            var expected = interval >= ShortestDay ? 1 : calendar.Whole(day).Length / interval;
            if (present.Length <= EnoughOfADay * expected) return null;
            var use = present.Sum() * Math.Max(1, expected / present.Length);
            return use == 0 && !zeroIsAValue ? null : use;
        }
    }

    private static Duration UsualStep(Instant[] starts) => starts.Length < 2
        ? Duration.FromDays(1)
        : starts.Zip(starts.Skip(1), (a, b) => b - a).GroupBy(step => step).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First().Key;
}
