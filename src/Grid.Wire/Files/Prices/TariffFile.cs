using System.Globalization;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Wire;

/// <summary>Versions of price lists in CSV: a row for each price, and the rows of one version say the same of everything else.</summary>
public static class TariffFile
{
    public static readonly IReadOnlyList<FileColumn> Columns =
    [
        new("tariff", "tariff", "Name of the price list, 1 to 64 of letters, digits, '_' and '-'; the same for all its versions."),
        new("valid_from", "validFrom", "First local day of this version, such as 2026-02-01. It holds until the next one."),
        new("option", "option", $"{PriceWords.Options.Choice}: one price; peak and off-peak hours; the same of blue, white and red days."),
        new("kva", "kva", "Subscribed power in kVA, 1 to 250."),
        new("period", "period", $"What the row's price is for: {PriceWords.Periods.Choice}. Each version has every period of its option once."),
        new("eur_kwh", "eurKwh", "Euros a kWh, taxes and VAT included, such as 0.1940."),
        new("subscription_eur_month", "subscriptionEurMonth", "Euros a month, taxes and VAT included."),
        new("feed_in_eur_kwh", "feedInEurKwh", "Euros a kWh fed into the grid; empty if none is paid.", Optional: true),
        new("vat", "vat", "VAT in the energy's price: 0.2 is 20 %."),
        new("subscription_vat", "subscriptionVat", "VAT in the subscription."),
    ];

    private const int MaxRows = 100_000;
    private const int MostKVa = 250;
    private const decimal MostEurPerKwh = 10;
    private const decimal MostEurPerMonth = 10_000;

    /// <exception cref="FileFaultException">The first row that is at fault, or the file as a whole.</exception>
    public static IReadOnlyList<Tariff> Read(string path)
    {
        using HeadedCsv rows = new(path, Columns);
        Dictionary<(string Name, LocalDate From), (Tariff Tariff, Dictionary<PricePeriod, decimal> Prices, long Line)> versions = [];
        while (rows.Read(MaxRows))
        {
            Dictionary<PricePeriod, decimal> prices = [];
            Tariff row = new(
                rows.Name("tariff"), rows.Day("valid_from"), rows.Word("option", PriceWords.Options), (int)rows.Number("kva", 1, MostKVa, decimals: 0), rows.Number("subscription_eur_month", 0, MostEurPerMonth, decimals: 4),
                prices, rows.IsEmpty("feed_in_eur_kwh") ? null : rows.Number("feed_in_eur_kwh", 0, MostEurPerKwh, decimals: 6), rows.Number("vat", 0, 1, decimals: 4), rows.Number("subscription_vat", 0, 1, decimals: 4));
            var period = rows.Word("period", PriceWords.Periods);
            if (!Tariff.PeriodsOf(row.Option).Contains(period)) throw rows.Fault("period", $"{PriceWords.Name(period)} is none of {PriceWords.Name(row.Option)}: it has {Choice(row.Option)}.");
            if (!versions.TryGetValue((row.Name, row.From), out var known)) versions.Add((row.Name, row.From), known = (row, prices, rows.Line));
            if (known.Tariff with { PerKwh = prices } != row)
                throw rows.Fault(null, FormattableString.Invariant($"{row.Name} of {rows["valid_from"]} says something else than in line {known.Line}: only period and eur_kwh may differ within one version."));
            if (!known.Prices.TryAdd(period, rows.Number("eur_kwh", 0, MostEurPerKwh, decimals: 6))) throw rows.Fault("period", $"{PriceWords.Name(period)} stands twice in {row.Name} of {rows["valid_from"]}: give each price once.");
        }

        foreach (var (tariff, prices, line) in versions.Values)
        {
            foreach (var missing in Tariff.PeriodsOf(tariff.Option).Where(p => !prices.ContainsKey(p)))
                throw new FileFaultException(path, line, "period", $"{tariff.Name} of {LocalDatePattern.Iso.Format(tariff.From)} has no price for {PriceWords.Name(missing)}: {PriceWords.Name(tariff.Option)} has {Choice(tariff.Option)}.");
        }

        return [.. versions.Values.Select(v => v.Tariff)];
    }

    private static string Choice(TariffOption option) => string.Join(", ", Tariff.PeriodsOf(option).Select(PriceWords.Name));
}
