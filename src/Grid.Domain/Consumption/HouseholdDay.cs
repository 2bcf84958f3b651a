using System.Collections.Immutable;

namespace Grid.Domain;

/// <summary>One household's local day: 46, 48 or 50 half-hours, and what they add up to.</summary>
public sealed class HouseholdDay(HouseholdId household, LocalDate day, ImmutableArray<SlotEnergy> slots)
{
    public HouseholdId Household { get; } = household;

    public LocalDate Day { get; } = day;

    public ImmutableArray<SlotEnergy> Slots { get; } = slots;

    /// <summary>Sum of the known slots; null if none is known.</summary>
    public long? ImportWh { get; } = Sum(slots.Select(s => s.ImportWh));

    public long? ExportWh { get; } = Sum(slots.Select(s => s.ExportWh));

    public Quality Quality { get; } = QualityNames.Whole(slots.Select(s => s.Quality));

    /// <summary>True if every watt-hour of the day is accounted for.</summary>
    public bool IsComplete => Quality.IsComplete();

    /// <summary>True if other days decide how a gap in this one is filled (METHOD.md rule 1.7); not kept with the day.</summary>
    public bool LeansOnOtherDays { get; init; }

    /// <summary>Where the day's energy came from and went; null if the household has no panels, battery or charger, or one of its meters is not fully known.</summary>
    public HomeBalance? Balance { get; init; }

    private static long? Sum(IEnumerable<long?> values)
    {
        long? sum = null;
        foreach (var value in values)
            if (value is { } known) sum = (sum ?? 0) + known;
        return sum;
    }
}
