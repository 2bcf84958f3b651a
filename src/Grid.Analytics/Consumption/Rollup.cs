using Grid.Domain;

namespace Grid.Analytics;

public enum Granularity
{
    Slot = 1,
    Hour = 2,
    Day = 3,
    Month = 4,
    Year = 5,
}

/// <param name="Start">Start of the interval.</param>
/// <param name="ImportWh">Sum of the known slots; null if none is known.</param>
public sealed record ConsumptionValue(Instant Start, long? ImportWh, long? ExportWh, Quality Quality);

/// <summary>Household-days as slots, hours, days, months or years (METHOD.md rule 1.6): one value an interval, days without data included.</summary>
public static class Rollup
{
    /// <param name="days">The days that are known, in any order.</param>
    /// <param name="from">First local day.</param>
    /// <param name="to">Day after the last.</param>
    public static IReadOnlyList<ConsumptionValue> By(
        Granularity granularity, IEnumerable<HouseholdDay> days, LocalDate from, LocalDate to, LocalCalendar calendar)
    {
        var byDate = days.ToDictionary(d => d.Day);
        var parts = new List<(LocalDate Day, ConsumptionValue Value)>();
        for (var date = from; date < to; date = date.PlusDays(1))
        {
            var day = byDate.GetValueOrDefault(date);
            if (granularity >= Granularity.Day)
                parts.Add((date, new(calendar.StartOf(date), day?.ImportWh, day?.ExportWh, day?.Quality ?? Quality.Unknown)));
            else
                parts.AddRange(SlotsOf(date, day, calendar).Select(value => (date, value)));
        }

        return granularity switch
        {
            Granularity.Hour => Merge(parts, p => HourOf(p.Value.Start, calendar)),
            Granularity.Month => Merge(parts, p => (p.Day.Year, p.Day.Month)),
            Granularity.Year => Merge(parts, p => p.Day.Year),
            _ => [.. parts.Select(p => p.Value)],
        };
    }

    private static IEnumerable<ConsumptionValue> SlotsOf(LocalDate date, HouseholdDay? day, LocalCalendar calendar)
    {
        var slots = calendar.SlotsOf(date);
        for (var i = 0; i < slots.Count; i++)
        {
            var energy = day is not null && i < day.Slots.Length ? day.Slots[i] : SlotEnergy.Unknown;
            yield return new(slots[i].Start, energy.ImportWh, energy.ExportWh, energy.Quality);
        }
    }

    // A repeated autumn hour stays two: the offset is part of the key.
    private static (LocalDate Date, int Hour, Offset Offset) HourOf(Instant at, LocalCalendar calendar)
    {
        var local = calendar.Local(at);
        return (local.Date, local.Hour, local.Offset);
    }

    private static IReadOnlyList<ConsumptionValue> Merge<TKey>(List<(LocalDate Day, ConsumptionValue Value)> parts, Func<(LocalDate Day, ConsumptionValue Value), TKey> key) =>
    [
        .. parts.GroupBy(key).Select(group => new ConsumptionValue(
            group.First().Value.Start,
            Sum(group.Select(p => p.Value.ImportWh)),
            Sum(group.Select(p => p.Value.ExportWh)),
            QualityNames.Whole(group.Select(p => p.Value.Quality)))),
    ];

    private static long? Sum(IEnumerable<long?> values) => values.Aggregate((long?)null, (sum, value) => value is null ? sum : (sum ?? 0) + value);
}
