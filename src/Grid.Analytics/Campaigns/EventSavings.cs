using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What a home used less in the hours of an event than in the same hours of like days before (METHOD.md rule 6.9). Watt-hours.</summary>
/// <param name="LikeDays">Days that the expectation is the mean of.</param>
/// <param name="ExpectedWh">Null if there are too few like days.</param>
/// <param name="UsedWh">Null if a slot of the event is unknown.</param>
public sealed record EventSavings(int LikeDays, long? ExpectedWh, long? UsedWh)
{
    public const int Weekdays = 10;
    public const int WeekendDays = 4;
    public const int FarthestBackDays = 60;

    public long? SavedWh => ExpectedWh - UsedWh;

    /// <param name="day">The event's local day.</param>
    /// <param name="firstSlot">Half-hours of the day from this one on…</param>
    /// <param name="slots">…so many.</param>
    /// <param name="days">The home's days; those with an unknown slot in these hours do not count.</param>
    /// <param name="notLike">Days that had an event of their own, or a holiday.</param>
    public static EventSavings Of(LocalDate day, int firstSlot, int slots, IReadOnlyDictionary<LocalDate, HouseholdDay> days, IReadOnlySet<LocalDate> notLike)
    {
        var (wanted, length) = (IsWeekend(day) ? WeekendDays : Weekdays, days.GetValueOrDefault(day)?.Slots.Length);
        List<long> like = [];
        for (var before = day.PlusDays(-1); like.Count < wanted && Period.DaysBetween(before, day) <= FarthestBackDays; before = before.PlusDays(-1))
            if (IsWeekend(before) == IsWeekend(day) && !notLike.Contains(before) && Used(before) is { } wh) like.Add(wh);
        return new(like.Count, like.Count == wanted ? (long)Math.Round(like.Average(), MidpointRounding.ToEven) : null, Used(day));

        long? Used(LocalDate date)
        {
            // On a day that clocks change the same half-hours are others.
            if (days.GetValueOrDefault(date) is not { } home || home.Slots.Length != length || home.Slots.Length < firstSlot + slots) return null;
            long sum = 0;
            foreach (var slot in home.Slots.AsSpan(firstSlot, slots))
            {
                if (slot.ImportWh is not { } wh) return null;
                sum += wh;
            }

            return sum;
        }
    }

    private static bool IsWeekend(LocalDate day) => day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;
}
