using Grid.Domain;

namespace Grid.Analytics;

/// <param name="What">Null for the subscription.</param>
/// <param name="Wh">Energy of the line; 0 for the subscription.</param>
/// <param name="Eur">To the cent, VAT included; negative for energy fed in.</param>
/// <param name="VatEur">The VAT in it, to the cent.</param>
public sealed record BillLine(Tariff Tariff, PricePeriod? What, bool IsFeedIn, long Wh, decimal Eur, decimal VatEur);

/// <summary>What a home's energy costs over whole local days (METHOD.md rules 7.4 to 7.6).</summary>
/// <param name="UnpricedWh">Energy of half-hours that have no price.</param>
/// <param name="UnknownSlots">Half-hours whose energy is not known: the bill lacks them.</param>
public sealed record Bill(IReadOnlyList<BillLine> Lines, long UnpricedWh, int UnknownSlots)
{
    public decimal TotalEur => Lines.Sum(l => l.Eur);

    /// <summary>True if every watt-hour of the days is in it.</summary>
    public bool IsComplete => UnpricedWh == 0 && UnknownSlots == 0;

    public static Bill Of(IEnumerable<HouseholdDay> days, Pricing pricing, LocalCalendar calendar)
    {
        Dictionary<(Tariff Tariff, PricePeriod Period), long> used = [];
        Dictionary<Tariff, (long FedIn, decimal Months)> others = [];
        long unpriced = 0;
        var unknown = 0;
        foreach (var day in days)
        {
            if (pricing.On(day.Day) is { } tariff)
            {
                var (fedIn, months) = others.GetValueOrDefault(tariff);
                others[tariff] = (fedIn + (day.ExportWh ?? 0), months + (1m / CalendarSystem.Iso.GetDaysInMonth(day.Day.Year, day.Day.Month)));
            }

            var slots = calendar.SlotsOf(day.Day);
            for (var i = 0; i < slots.Count; i++)
            {
                if (i >= day.Slots.Length || day.Slots[i].ImportWh is not { } wh) unknown++;
                else if (pricing.At(slots[i].Start) is { } price) used[price] = used.GetValueOrDefault(price) + wh;
                else unpriced += wh;
            }
        }

        return new([.. Energy(used), .. others.OrderBy(o => o.Key.From).SelectMany(o => Others(o.Key, o.Value.FedIn, o.Value.Months))], unpriced, unknown);
    }

    private static IEnumerable<BillLine> Energy(Dictionary<(Tariff Tariff, PricePeriod Period), long> used) => used
        .OrderBy(u => u.Key.Tariff.From).ThenBy(u => u.Key.Period)
        .Select(u => Line(u.Key.Tariff, u.Key.Period, isFeedIn: false, u.Value, u.Value * u.Key.Tariff.PerKwh[u.Key.Period] / 1000, u.Key.Tariff.VatRate));

    private static IEnumerable<BillLine> Others(Tariff tariff, long fedInWh, decimal months)
    {
        yield return Line(tariff, null, isFeedIn: false, 0, months * tariff.SubscriptionPerMonth, tariff.SubscriptionVatRate);
        if (tariff.FeedInPerKwh is { } price && fedInWh > 0) yield return Line(tariff, null, isFeedIn: true, fedInWh, -fedInWh * price / 1000, 0);
    }

    // Rule 7.5: each line to the cent, halves away from zero, as bills are printed.
    private static BillLine Line(Tariff tariff, PricePeriod? what, bool isFeedIn, long wh, decimal eur, decimal vatRate)
    {
        var cents = decimal.Round(eur, 2, MidpointRounding.AwayFromZero);
        return new(tariff, what, isFeedIn, wh, cents, decimal.Round(cents - (cents / (1 + vatRate)), 2, MidpointRounding.AwayFromZero));
    }
}
