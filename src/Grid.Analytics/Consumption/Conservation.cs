using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Whether a household-day holds what its registers say (METHOD.md rule 1.12).</summary>
public static class Conservation
{
    /// <param name="meters">The household's main meters, with their registers at the day's two ends at least.</param>
    /// <returns>Null if it does, or if the registers do not tell; else what they say.</returns>
    public static long? Broken(HouseholdDay day, IReadOnlyList<MeteredInterval> meters, LocalCalendar calendar)
    {
        var whole = calendar.Whole(day.Day);
        if (!HouseholdConsumption.IsCovered(whole, meters)) return null;
        long registerWh = 0;
        foreach (var (install, curve) in meters)
        {
            if (install.Within(whole) is not var (start, end)) continue;
            if (curve.Between(start, end).ImportWh is not { } wh) return null;
            registerWh += wh;
        }

        return day.IsComplete && day.ImportWh == registerWh ? null : registerWh;
    }
}
