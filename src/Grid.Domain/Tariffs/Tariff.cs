namespace Grid.Domain;

/// <summary>How a supplier's price depends on the hour and the day.</summary>
public enum TariffOption
{
    /// <summary>One price.</summary>
    Base = 1,

    /// <summary>Peak and off-peak hours.</summary>
    PeakOffPeak = 2,

    /// <summary>Peak and off-peak hours of blue, white and red days.</summary>
    Tempo = 3,
}

/// <summary>What a kilowatt-hour is priced by.</summary>
public enum PricePeriod
{
    All = 1,
    OffPeak = 2,
    Peak = 3,
    BlueOffPeak = 4,
    BluePeak = 5,
    WhiteOffPeak = 6,
    WhitePeak = 7,
    RedOffPeak = 8,
    RedPeak = 9,
}

/// <summary>The colour of a Tempo day, which runs from 6 in the morning to 6 of the next.</summary>
public enum TempoColour
{
    Blue = 1,
    White = 2,
    Red = 3,
}

/// <summary>One version of a price list. Prices are euros, taxes and VAT included.</summary>
/// <param name="Name">Of the price list, such as <c>tarif-bleu-base-6</c>: its versions follow one another in time.</param>
/// <param name="From">First local day.</param>
/// <param name="KVa">Subscribed power.</param>
/// <param name="SubscriptionPerMonth">Never saved by using less.</param>
/// <param name="PerKwh">One price for each period of the option.</param>
/// <param name="FeedInPerKwh">Paid for energy fed into the grid; null if there is none.</param>
/// <param name="VatRate">Contained in energy prices: 0.2 is 20 %.</param>
/// <param name="SubscriptionVatRate">Contained in the subscription.</param>
public sealed record Tariff(
    string Name, LocalDate From, TariffOption Option, int KVa, decimal SubscriptionPerMonth, IReadOnlyDictionary<PricePeriod, decimal> PerKwh,
    decimal? FeedInPerKwh, decimal VatRate, decimal SubscriptionVatRate)
{
    /// <summary>The periods that the option prices.</summary>
    public static IReadOnlyList<PricePeriod> PeriodsOf(TariffOption option) => option switch
    {
        TariffOption.Base => [PricePeriod.All],
        TariffOption.PeakOffPeak => [PricePeriod.OffPeak, PricePeriod.Peak],
        _ => [PricePeriod.BlueOffPeak, PricePeriod.BluePeak, PricePeriod.WhiteOffPeak, PricePeriod.WhitePeak, PricePeriod.RedOffPeak, PricePeriod.RedPeak],
    };
}
