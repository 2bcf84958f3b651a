namespace Grid.Domain;

/// <summary>What is counted in the grid's carbon intensity. Figures of two kinds are never mixed.</summary>
public enum CarbonKind : short
{
    /// <summary>Emissions of power stations while they produce, as RTE's eCO2mix gives them.</summary>
    Direct = 1,

    /// <summary>Fuel, building and losses included, as ADEME's Base Empreinte gives them.</summary>
    LifeCycle = 2,
}

/// <param name="Hour">A whole UTC hour.</param>
/// <param name="GramsPerKwh">Grams of CO2 for each kWh used, 0 to 2,000: an average of the grid, not of the last power station that answers.</param>
public readonly record struct HourlyIntensity(Instant Hour, double GramsPerKwh)
{
    public const double MostGramsPerKwh = 2_000;
}

/// <summary>The grid's carbon intensity, one an hour, all of one kind.</summary>
public interface ICarbonIntensities
{
    /// <summary>Stores hours; an hour that is there already is replaced.</summary>
    /// <returns>False if hours of another kind are there: nothing was stored.</returns>
    Task<bool> StoreAsync(CarbonKind kind, IReadOnlyList<HourlyIntensity> hours, CancellationToken ct);

    /// <summary>The kind of what is stored; null while nothing is.</summary>
    Task<CarbonKind?> KindAsync(CancellationToken ct);

    /// <summary>The hours from <paramref name="from"/> to before <paramref name="to"/>, in order.</summary>
    Task<IReadOnlyList<HourlyIntensity>> ReadAsync(Instant from, Instant to, CancellationToken ct);

    /// <summary>Changes whenever an hour from <paramref name="from"/> to before <paramref name="to"/> does.</summary>
    Task<string> FingerprintAsync(Instant from, Instant to, CancellationToken ct);
}
