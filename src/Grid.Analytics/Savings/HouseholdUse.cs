using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Household-days as the savings method takes them (METHOD.md rules 5.1 to 5.3 and 5.15).</summary>
public static class HouseholdUse
{
    private const double EnoughOfADay = 0.5;

    /// <param name="totals">A household's, by day.</param>
    /// <param name="celsius">The neighbourhood's, by day.</param>
    /// <returns>Every day from <paramref name="first"/> to <paramref name="last"/> with what is known of it, in kWh and degrees Fahrenheit.</returns>
    public static IReadOnlyList<UseDay> Days(
        IReadOnlyDictionary<LocalDate, DayTotal> totals, IReadOnlyDictionary<LocalDate, DailyTemperature> celsius, LocalDate first, LocalDate last, LocalCalendar calendar)
    {
        List<UseDay> days = [];
        for (var day = first; day <= last; day = day.PlusDays(1))
        {
            var outside = celsius.GetValueOrDefault(day);
            var kwh = totals.TryGetValue(day, out var total) ? Kwh(total, calendar.Whole(day).Length / LocalCalendar.SlotLength) : null;
            days.Add(new(day, kwh, outside.Mean is { } mean ? UseDay.Fahrenheit(mean) : null, outside.Share));
        }

        return days;
    }

    private static double? Kwh(DayTotal total, double slots) =>
        total.ImportWh is { } wh && wh > 0 && total.MeasuredSlots > EnoughOfADay * slots ? wh / 1000.0 * Math.Max(1, slots / total.KnownSlots) : null;
}
