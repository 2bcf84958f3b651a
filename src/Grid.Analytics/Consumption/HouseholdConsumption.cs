using System.Collections.Immutable;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>A main meter of a household with its registers.</summary>
public sealed record MeteredInterval(MeterInstall Install, RegisterCurve Curve);

/// <summary>A household's local days from its main meters (METHOD.md rules 1.5 and 1.6).</summary>
public static class HouseholdConsumption
{
    public static HouseholdDay DayOf(HouseholdId household, LocalDate day, IReadOnlyList<MeteredInterval> meters, LocalCalendar calendar) =>
        new(household, day, [.. calendar.SlotsOf(day).Select(slot => Of(slot, meters))])
        {
            LeansOnOtherDays = calendar.Whole(day) is var whole && meters.Any(m => m.Install.Overlaps(whole) && m.Curve.ReadingsFor(whole) != whole),
        };

    /// <summary>What the household drew in any span: ten minutes, half an hour, an hour.</summary>
    public static SlotEnergy Of(Slot slot, IReadOnlyList<MeteredInterval> meters)
    {
        long importWh = 0;
        long? exportWh = 0;
        var covered = Duration.Zero;
        var quality = Quality.Measured;
        foreach (var (install, curve) in meters)
        {
            var start = Instant.Max(slot.Start, install.From);
            var end = install.To is { } to ? Instant.Min(slot.End, to) : slot.End;
            if (end <= start) continue;
            var part = curve.Between(start, end);
            if (part.ImportWh is not { } known) return SlotEnergy.Unknown;
            covered += end - start;
            importWh += known;
            exportWh += part.ExportWh;
            if (part.Quality > quality) quality = part.Quality; // a filled gap is weaker than a straight line
        }

        return covered >= slot.Length ? new(importWh, exportWh, quality) : SlotEnergy.Unknown;
    }
}
