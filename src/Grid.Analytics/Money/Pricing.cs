using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Which price a half-hour has (METHOD.md rules 7.1 to 7.3).</summary>
/// <param name="versions">Of one price list, in any order.</param>
/// <param name="colours">Tempo's days; a day that is absent is not priced.</param>
public sealed class Pricing(IEnumerable<Tariff> versions, OffPeakHours offPeak, IReadOnlyDictionary<LocalDate, TempoColour> colours, LocalCalendar calendar)
{
    private static readonly LocalTime TempoDayStart = new(6, 0);

    private readonly Tariff[] _versions = [.. versions.OrderBy(v => v.From)];

    /// <summary>The version of a local day; null before the first.</summary>
    public Tariff? On(LocalDate day) => Array.FindLast(_versions, v => v.From <= day);

    /// <returns>Null where there is no price: no version yet, or a Tempo day whose colour is not known.</returns>
    public (Tariff Tariff, PricePeriod Period)? At(Instant slotStart)
    {
        var local = slotStart.InZone(calendar.Zone).LocalDateTime;
        if (On(local.Date) is not { } tariff) return null;
        return PeriodOf(tariff.Option, local) is { } period ? (tariff, period) : null;
    }

    private PricePeriod? PeriodOf(TariffOption option, LocalDateTime at)
    {
        if (option is TariffOption.Base) return PricePeriod.All;
        if (option is TariffOption.PeakOffPeak) return offPeak.Contains(at.TimeOfDay) ? PricePeriod.OffPeak : PricePeriod.Peak;
        if (!colours.TryGetValue(at.TimeOfDay < TempoDayStart ? at.Date.PlusDays(-1) : at.Date, out var colour)) return null;
        return (colour, OffPeakHours.Night.Contains(at.TimeOfDay)) switch
        {
            (TempoColour.Blue, true) => PricePeriod.BlueOffPeak,
            (TempoColour.Blue, false) => PricePeriod.BluePeak,
            (TempoColour.White, true) => PricePeriod.WhiteOffPeak,
            (TempoColour.White, false) => PricePeriod.WhitePeak,
            (TempoColour.Red, true) => PricePeriod.RedOffPeak,
            _ => PricePeriod.RedPeak,
        };
    }
}
