using Grid.Domain;

namespace Grid.Portal;

/// <summary>A day that is not over: what its known half-hours add up to.</summary>
/// <param name="Until">End of the last known half-hour.</param>
/// <param name="Gaps">Half-hours before that without data.</param>
internal sealed record SoFar(long ImportWh, Instant Until, int Gaps)
{
    /// <returns>Null if nothing of the day is known.</returns>
    public static SoFar? Of(HouseholdDay? day, LocalCalendar calendar)
    {
        if (day is null) return null;
        var last = day.Slots.Length - 1;
        while (last >= 0 && day.Slots[last].ImportWh is null) last--;
        return last < 0 ? null : new(day.ImportWh ?? 0, calendar.SlotsOf(day.Day)[last].End, day.Slots.Take(last).Count(s => s.ImportWh is null));
    }
}
