using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Days whose raw readings may be deleted (METHOD.md rule 1.14).</summary>
public static class OldDays
{
    /// <summary>True if nothing of what was known before is lost or guessed: each half-hour is measured, as it was, or was not known.</summary>
    public static bool KnowsNoLess(HouseholdDay after, HouseholdDay before) =>
        after.Slots.Length == before.Slots.Length && (before.Balance is null || after.Balance is not null) && after.Slots.Zip(before.Slots).All(s => KnowsNoLess(s.First, s.Second));

    private static bool KnowsNoLess(SlotEnergy after, SlotEnergy before) =>
        before.ImportWh is null || after == before || (after.Quality is Quality.Measured && (before.ExportWh is null || after.ExportWh is not null));
}
