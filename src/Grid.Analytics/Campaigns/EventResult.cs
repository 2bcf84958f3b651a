using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What homes together used less in the hours of an event (METHOD.md rule 6.9). Watt-hours of <paramref name="Homes"/> homes; null where it is not told.</summary>
/// <param name="Homes">Rounded down to a multiple of 5; 0 where it is not told.</param>
/// <param name="LikeDays">How many there are.</param>
/// <param name="NeededHomes">For so many days of half-hours as operators are told of within a year.</param>
/// <param name="Hidden">Null too where there are not enough days.</param>
public sealed record EventResult(int Homes, long? ExpectedWh, long? UsedWh, int LikeDays, int NeededHomes, Suppression? Hidden)
{
    /// <summary>Days told within as many of each other count together.</summary>
    public const int TogetherDays = 365;

    public long? SavedWh => ExpectedWh - UsedWh;

    /// <param name="days">All that may be needed; those told already as they were told.</param>
    /// <param name="told">Days told of already, within <see cref="TogetherDays"/> of the event.</param>
    /// <param name="audiences">With what operators were shown in the months of these days.</param>
    public static (EventResult Result, IReadOnlyList<(EventDay Day, ShownGroup Shown)> Shown) Of(
        LocalDate day, int firstSlot, int slots, IReadOnlyDictionary<LocalDate, EventDay> days,
        IReadOnlySet<LocalDate> notLike, IReadOnlySet<LocalDate> told, Audiences audiences)
    {
        var savings = EventSavings.Of(day, firstSlot, slots, days, notLike);
        List<EventDay> needed = [.. savings.LikeDays.Append(day).Where(days.ContainsKey).Select(d => days[d])];
        var rule = ReleaseRule.Curve(told.Union(needed.Select(d => d.Day)).Count());
        var nothing = new EventResult(0, null, null, savings.LikeDays.Count, rule.Homes, null);
        if (savings is not { ExpectedWh: { } expected, UsedWh: { } used }) return (nothing, []);
        List<(EventDay, ShownGroup)> shown = [];
        foreach (var one in needed)
        {
            ShownGroup group = new(ShownTo.Operators, new(rule, one.Homes, one.Day, one.Day.PlusDays(1)));
            if (Hidden(one, group) is { } hidden) return (nothing with { Hidden = hidden }, []);
            if (told.Contains(one.Day)) continue;
            audiences.Add(group);
            shown.Add((one, group));
        }

        var homes = Release.RoundedCount(days[day].Homes.Count);
        return (nothing with { Homes = homes, ExpectedWh = Wh(expected), UsedWh = Wh(used) }, shown);

        long Wh(double mean) => homes * (long)Math.Round(mean, MidpointRounding.ToEven);

        Suppression? Hidden(EventDay one, ShownGroup group)
        {
            if (one.LargestShare > rule.MaxShare) return Suppression.OneHomeDominates;
            IReadOnlyList<Audience> operators = [audiences.Operators];
            var alike = one.Homes.ToDictionary(h => h, _ => 1.0);
            return told.Contains(one.Day) ? Release.Check(rule, alike, operators) : Release.Check(rule, alike, group.Group.From, group.Group.To, audiences.ForAll, operators);
        }
    }
}
