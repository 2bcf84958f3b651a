using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Days close enough together to be read at once.</summary>
internal sealed record DayRun(IReadOnlyList<LocalDate> Days)
{
    public Slot Span(LocalCalendar calendar) => new(calendar.StartOf(Days[0]), calendar.StartOf(Days[^1].PlusDays(1)));
}

internal static class DayRuns
{
    // Reading a few days that nobody asked for is cheaper than another query.
    private const int MaxGapDays = 7;

    /// <param name="days">In order.</param>
    public static IEnumerable<DayRun> Of(IEnumerable<LocalDate> days)
    {
        List<LocalDate> run = [];
        foreach (var day in days)
        {
            if (run.Count > 0 && Period.DaysBetween(run[^1], day) > MaxGapDays)
            {
                yield return new(run);
                run = [];
            }

            run.Add(day);
        }

        if (run.Count > 0) yield return new(run);
    }
}
