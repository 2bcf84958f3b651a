using System.Collections.Immutable;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>A main meter of a household with its registers.</summary>
public sealed record MeteredInterval(MeterInstall Install, RegisterCurve Curve);

/// <summary>A household's local days from its main meters (METHOD.md rules 1.5 and 1.6).</summary>
public static class HouseholdConsumption
{
    /// <param name="meters">Its main meters.</param>
    /// <param name="behind">Its panels, batteries and chargers.</param>
    public static HouseholdDay DayOf(HouseholdId household, LocalDate day, IReadOnlyList<MeteredInterval> meters, LocalCalendar calendar, IReadOnlyList<MeteredInterval>? behind = null)
    {
        var whole = calendar.Whole(day);
        return new(household, day, [.. calendar.SlotsOf(day).Select(slot => Of(slot, meters))])
        {
            LeansOnOtherDays = meters.Concat(behind ?? []).Any(m => m.Install.Overlaps(whole) && m.Curve.ReadingsFor(whole) != whole),
            Balance = BalanceOf(whole, meters, behind ?? []),
        };
    }

    private static HomeBalance? BalanceOf(Slot day, IReadOnlyList<MeteredInterval> meters, IReadOnlyList<MeteredInterval> behind) => behind.Any(m => m.Install.Overlaps(day)) && IsCovered(day, meters)
        ? HomeBalance.Of(meters.Concat(behind).Select(m => m.Install.Within(day) is var (start, end) ? (m.Install.Kind, m.Curve.Between(start, end)) : (m.Install.Kind, new(0, 0, Quality.Measured))))
        : null;

    /// <summary>What the household drew in any span: ten minutes, half an hour, an hour.</summary>
    public static SlotEnergy Of(Slot slot, IReadOnlyList<MeteredInterval> meters)
    {
        if (!IsCovered(slot, meters)) return SlotEnergy.Unknown;
        var energy = SlotEnergy.None;
        foreach (var (install, curve) in meters)
            if (install.Within(slot) is var (start, end)) energy += curve.Between(start, end);
        return energy;
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
