using Grid.Domain;

namespace Grid.Wire;

/// <summary>How the words of price files are spelt.</summary>
public static class PriceWords
{
    internal static readonly Words<TariffOption> Options = new(("base", TariffOption.Base), ("hphc", TariffOption.PeakOffPeak), ("tempo", TariffOption.Tempo));

    internal static readonly Words<PricePeriod> Periods = new(
        ("all", PricePeriod.All), ("hc", PricePeriod.OffPeak), ("hp", PricePeriod.Peak), ("blue-hc", PricePeriod.BlueOffPeak), ("blue-hp", PricePeriod.BluePeak),
        ("white-hc", PricePeriod.WhiteOffPeak), ("white-hp", PricePeriod.WhitePeak), ("red-hc", PricePeriod.RedOffPeak), ("red-hp", PricePeriod.RedPeak));

    internal static readonly Words<TempoColour> Colours = new(("blue", TempoColour.Blue), ("white", TempoColour.White), ("red", TempoColour.Red));

    public static string Name(TariffOption option) => Options.NameOf(option);

    public static string Name(PricePeriod period) => Periods.NameOf(period);
}
