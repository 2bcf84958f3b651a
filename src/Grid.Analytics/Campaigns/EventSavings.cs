using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What homes used less in the hours of an event than in the same hours of like days before, on average (METHOD.md rule 6.9). Watt-hours a home.</summary>
/// <param name="LikeDays">That the expectation is the mean of, the latest first; fewer than wanted where there are no more.</param>
/// <param name="ExpectedWh">Null if there are too few like days.</param>
/// <param name="UsedWh">Null if the event's day is not known.</param>
public sealed record EventSavings(IReadOnlyList<LocalDate> LikeDays, double? ExpectedWh, double? UsedWh)
{
    public const int Weekdays = 10;
    public const int WeekendDays = 4;
    public const int FarthestBackDays = 60;

    private const double SameHomes = 0.9;

    /// <param name="day">The event's local day.</param>
    /// <param name="firstSlot">Half-hours of the day from this one on…</param>
    /// <param name="slots">…so many.</param>
    /// <param name="days">Of these homes; a day that shares fewer than nine homes in ten with the event's is no like day.</param>
    /// <param name="notLike">Days that had an event of their own, or a holiday.</param>
    public static EventSavings Of(LocalDate day, int firstSlot, int slots, IReadOnlyDictionary<LocalDate, EventDay> days, IReadOnlySet<LocalDate> notLike)
    {
        if (days.GetValueOrDefault(day) is not { } own) return new([], null, null);
        var wanted = IsWeekend(day) ? WeekendDays : Weekdays;
        List<EventDay> like = [];
        for (var before = day.PlusDays(-1); like.Count < wanted && Period.DaysBetween(before, day) <= FarthestBackDays; before = before.PlusDays(-1))
            if (IsWeekend(before) == IsWeekend(day) && !notLike.Contains(before) && days.GetValueOrDefault(before) is { } past && Share(past, own) >= SameHomes) like.Add(past);
        return new([.. like.Select(l => l.Day)], like.Count == wanted ? like.Average(l => l.MeanWh(firstSlot, slots)) : null, own.MeanWh(firstSlot, slots));
    }

    private static double Share(EventDay one, EventDay other) => (double)one.Homes.Count(other.Homes.Contains) / Math.Max(one.Homes.Count, other.Homes.Count);

    private static bool IsWeekend(LocalDate day) => day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;
}
