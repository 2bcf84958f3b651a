using Grid.Domain;

namespace Grid.Portal;

internal enum UsualVerdict
{
    Less = 1,
    Same = 2,
    More = 3,
}

/// <summary>What this household mostly uses on this weekday until this time: the mean of the last four weeks.</summary>
/// <param name="Percent">Difference of today, never negative.</param>
internal sealed record Usual(long MeanWh, UsualVerdict Verdict, double Percent)
{
    public const int Weeks = 4;

    /// <summary>One such day says nothing about what is usual.</summary>
    public const int MinimumDays = 2;

    /// <summary>Within this share a day is as usual.</summary>
    public const double Near = 0.05;

    /// <returns>Null while fewer than <see cref="MinimumDays"/> of those days are complete, or while today has gaps.</returns>
    public static Usual? Of(LocalDate today, SoFar soFar, IEnumerable<HouseholdDay> days, LocalCalendar calendar)
    {
        if (soFar.Gaps > 0) return null;
        var until = calendar.Local(soFar.Until);
        var sums = days.Where(d => d.IsComplete && d.Day < today && d.Day >= today.PlusWeeks(-Weeks) && d.Day.DayOfWeek == today.DayOfWeek)
            .Select(d => until.Date > today ? d.ImportWh ?? 0 : Before(until.TimeOfDay, d, calendar)).ToList();
        if (sums.Count < MinimumDays) return null;
        var mean = (long)Math.Round(sums.Average(), MidpointRounding.ToEven);
        if (mean == 0) return null;
        var difference = (double)(soFar.ImportWh - mean) / mean;
        var verdict = Math.Abs(difference) < Near ? UsualVerdict.Same : difference < 0 ? UsualVerdict.Less : UsualVerdict.More;
        return new(mean, verdict, Math.Round(100 * Math.Abs(difference)));
    }

    // By the clock on the wall, so that a day of 46 or 50 half-hours is compared at the same time of day.
    private static long Before(LocalTime until, HouseholdDay day, LocalCalendar calendar)
    {
        var slots = calendar.SlotsOf(day.Day);
        return Enumerable.Range(0, Math.Min(slots.Count, day.Slots.Length))
            .Where(i => calendar.Local(slots[i].Start).TimeOfDay < until)
            .Sum(i => day.Slots[i].ImportWh ?? 0);
    }
}
