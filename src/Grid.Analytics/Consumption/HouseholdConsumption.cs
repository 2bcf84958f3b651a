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
        var quality = Quality.Measured;
        foreach (var (install, curve) in meters)
        {
            if (install.Within(slot) is not var (start, end)) continue;
            var part = curve.Between(start, end);
            if (part.ImportWh is not { } known) return SlotEnergy.Unknown;
            importWh += known;
            exportWh += part.ExportWh;
            if (part.Quality > quality) quality = part.Quality; // a filled gap is weaker than a straight line
        }

        return IsCovered(slot, meters) ? new(importWh, exportWh, quality) : SlotEnergy.Unknown;
    }

    /// <summary>True if at each moment of the span some meter hangs: several may hang at once, so their lengths do not tell.</summary>
    internal static bool IsCovered(Slot span, IReadOnlyList<MeteredInterval> meters)
    {
        var covered = span.Start;
        for (var grows = true; grows && covered < span.End;)
        {
            grows = false;
            foreach (var (install, _) in meters)
                if (install.Covers(covered)) (covered, grows) = (install.To ?? span.End, true);
        }

        return covered >= span.End;
    }
}
