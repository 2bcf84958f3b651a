namespace Grid.Analytics;

/// <summary>
/// How long the intervals of each day are, where only their starts are known (METHOD.md rule 5.1): the usual step of the whole data, unless most days
/// around have another one that meters have. A gap has a larger step too, and lasts for fewer days.
/// </summary>
internal static class IntervalSteps
{
    public static readonly Duration ShortestDay = Duration.FromHours(23);

    private const int DaysAround = 14;

    private static readonly Duration LongestDay = Duration.FromHours(25);
    private static readonly Duration Day = Duration.FromDays(1);
    private static readonly Duration[] OfMeters = [.. ((int[])[1, 5, 10, 15, 30, 60]).Select(m => Duration.FromMinutes(m)), Day];

    /// <param name="days">Of each day that has starts, in order, the distances of each to the next; null for the last of all.</param>
    public static Duration[] Of(IReadOnlyList<Duration?[]> days)
    {
        var usual = MostCommon(days.SelectMany(day => day).OfType<Duration>()) ?? Day;
        Duration[] own = [.. days.Select(day => MostCommon(day.OfType<Duration>().Select(step => step >= ShortestDay && step <= LongestDay ? Day : step)) is { } step && OfMeters.Contains(step) ? step : usual)];
        if (Array.TrueForAll(own, step => step == usual)) return own;
        return [.. own.Select((_, d) => MostAround(own[Math.Max(d - DaysAround, 0)..Math.Min(d + DaysAround + 1, own.Length)], usual))];
    }

    private static Duration MostAround(Duration[] steps, Duration usual) => steps.GroupBy(step => step).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key == usual).First().Key;

    private static Duration? MostCommon(IEnumerable<Duration> steps) => steps.GroupBy(step => step).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).FirstOrDefault()?.Key;
}
