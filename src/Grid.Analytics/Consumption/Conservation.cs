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
        if (!calendar.SlotsOf(day.Day).All(slot => IsCovered(slot, meters))) return null;
        long registerWh = 0;
        foreach (var (install, curve) in meters.Where(m => m.Install.Overlaps(whole)))
        {
            if (curve.Between(Instant.Max(whole.Start, install.From), install.To is { } to ? Instant.Min(whole.End, to) : whole.End).ImportWh is not { } wh) return null;
            registerWh += wh;
        }

        return day.IsComplete && day.ImportWh == registerWh ? null : registerWh;
    }

    // Several meters may hang at once, so their lengths do not tell.
    private static bool IsCovered(Slot slot, IReadOnlyList<MeteredInterval> meters)
    {
        var covered = slot.Start;
        foreach (var install in meters.Select(m => m.Install).Where(i => i.Overlaps(slot)).OrderBy(i => i.From))
        {
            if (install.From > covered) return false;
            covered = install.To is { } to ? Instant.Max(covered, to) : slot.End;
        }

        return covered >= slot.End;
    }
}
