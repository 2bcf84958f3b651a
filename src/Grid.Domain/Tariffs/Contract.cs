namespace Grid.Domain;

/// <summary>What a household buys its energy by, until its next contract begins.</summary>
/// <param name="From">First local day.</param>
/// <param name="Tariff">Name of its price list; empty if it has none from then on.</param>
/// <param name="OffPeak">Counts for <see cref="TariffOption.PeakOffPeak"/> alone.</param>
public sealed record Contract(HouseholdId Household, LocalDate From, string Tariff, OffPeakHours OffPeak);

/// <summary>Everything that the neighbourhood's prices are known by.</summary>
/// <param name="Tariffs">Versions of all price lists.</param>
/// <param name="Colours">Of Tempo's days, as far as they are known.</param>
public sealed record PriceBook(IReadOnlyList<Tariff> Tariffs, IReadOnlyDictionary<LocalDate, TempoColour> Colours, IReadOnlyList<Contract> Contracts);

/// <summary>Price lists, Tempo's days and the households' contracts.</summary>
public interface IPrices
{
    Task<PriceBook> ReadAsync(CancellationToken ct);

    /// <summary>Adds versions of price lists; one that is there already is replaced.</summary>
    Task StoreAsync(IReadOnlyList<Tariff> tariffs, CancellationToken ct);

    /// <summary>Adds days; one that is there already is replaced.</summary>
    Task StoreAsync(IReadOnlyDictionary<LocalDate, TempoColour> colours, CancellationToken ct);

    /// <summary>Adds contracts; one of the same household and day is replaced.</summary>
    /// <returns>The households that the registry does not know; nothing was stored if there is any.</returns>
    Task<IReadOnlyList<HouseholdId>> StoreAsync(IReadOnlyList<Contract> contracts, CancellationToken ct);
}
