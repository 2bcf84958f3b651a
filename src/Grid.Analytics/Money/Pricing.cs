using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Which price a household's half-hour has (METHOD.md rules 7.1 to 7.3).</summary>
/// <param name="contracts">The household's, in any order; a day before the first is not priced.</param>
/// <param name="tariffs">Versions of price lists, in any order: those of other contracts' lists are passed over.</param>
/// <param name="colours">Tempo's days; a day that is absent is not priced.</param>
public sealed class Pricing(
    IEnumerable<Contract> contracts, IEnumerable<Tariff> tariffs, IReadOnlyDictionary<LocalDate, TempoColour> colours, LocalCalendar calendar)
{
    private static readonly LocalTime TempoDayStart = new(6, 0);

    private readonly Contract[] _contracts = [.. contracts.OrderBy(c => c.From)];
    private readonly ILookup<string, Tariff> _versions = tariffs.OrderBy(t => t.From).ToLookup(t => t.Name, StringComparer.Ordinal);

    private (LocalDate Day, Tariff? Tariff, OffPeakHours OffPeak) _last = (LocalDate.MinIsoValue, null, OffPeakHours.Night);

    /// <summary>The version of a local day; null without a contract, or before its list's first version.</summary>
    public Tariff? On(LocalDate day) => Find(day).Tariff;

    /// <returns>Null where there is no price: no contract or version yet, or a Tempo day whose colour is not known.</returns>
    public (Tariff Tariff, PricePeriod Period)? At(Instant slotStart)
    {
        var local = slotStart.InZone(calendar.Zone).LocalDateTime;
        var (_, tariff, offPeak) = Find(local.Date);
        return tariff is not null && PeriodOf(tariff.Option, offPeak, local) is { } period ? (tariff, period) : null;
    }

    // Half-hours are asked for day by day.
    private (LocalDate Day, Tariff? Tariff, OffPeakHours OffPeak) Find(LocalDate day)
    {
        if (_last.Day == day) return _last;
        var contract = Array.FindLast(_contracts, c => c.From <= day);
        return _last = (day, contract is null ? null : _versions[contract.Tariff].LastOrDefault(v => v.From <= day), contract?.OffPeak ?? OffPeakHours.Night);
    }

    private PricePeriod? PeriodOf(TariffOption option, OffPeakHours offPeak, LocalDateTime at)
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
