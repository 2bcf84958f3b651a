using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What homes together used less in the hours of an event (METHOD.md rule 6.9). Watt-hours; null where <paramref name="Hidden"/> says why.</summary>
/// <param name="Homes">In the sum, rounded down to a multiple of 5; 0 where hidden.</param>
/// <param name="Hidden">By the rule for a day's curve, of which these hours are a part.</param>
public sealed record EventResult(int Homes, long? ExpectedWh, long? UsedWh, Suppression? Hidden)
{
    public long? SavedWh => ExpectedWh - UsedWh;

    /// <param name="homes">Those without enough like days, or of which the event is not known, are left out.</param>
    /// <param name="day">The event's.</param>
    /// <param name="forAll">What everybody has been shown of it.</param>
    public static EventResult Of(IReadOnlyDictionary<HouseholdId, EventSavings> homes, LocalDate day, IEnumerable<ReleasedGroup> forAll)
    {
        var known = homes.Where(h => h.Value.SavedWh is not null).ToDictionary();
        var expected = known.ToDictionary(h => h.Key, h => (double)h.Value.ExpectedWh!);
        var used = known.ToDictionary(h => h.Key, h => (double)h.Value.UsedWh!);
        IReadOnlyList<Audience> operators = [Audience.Public];
        var rule = ReleaseRule.Curve(days: 1);
        var hidden = Release.Check(rule, expected, operators) ?? Release.Check(rule, used, day, day.PlusDays(1), forAll, operators);
        return hidden is not null ? new(0, null, null, hidden) : new(Release.RoundedCount(known.Count), known.Values.Sum(h => h.ExpectedWh), known.Values.Sum(h => h.UsedWh), null);
    }
}
