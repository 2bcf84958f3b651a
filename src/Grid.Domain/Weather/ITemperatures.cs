namespace Grid.Domain;

/// <summary>Outdoor temperatures of the neighbourhood, one an hour.</summary>
public interface ITemperatures
{
    /// <summary>Stores hours; an hour that is there already is replaced.</summary>
    Task StoreAsync(IReadOnlyList<HourlyTemperature> hours, CancellationToken ct);

    /// <summary>Changes whenever an hour from <paramref name="from"/> to before <paramref name="to"/> does.</summary>
    Task<string> FingerprintAsync(Instant from, Instant to, CancellationToken ct);

    /// <summary>The hours from <paramref name="from"/> to before <paramref name="to"/>, in order.</summary>
    Task<IReadOnlyList<HourlyTemperature>> ReadAsync(Instant from, Instant to, CancellationToken ct);
}

/// <param name="Hour">A whole UTC hour: the mean of the hour that starts there.</param>
/// <param name="Celsius">Degrees Celsius, -60 to 60.</param>
public readonly record struct HourlyTemperature(Instant Hour, double Celsius)
{
    public const double LeastCelsius = -60;

    public const double MostCelsius = 60;

    /// <summary>The whole UTC hour that an instant lies in.</summary>
    public static Instant HourOf(Instant at) => Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / 3600 * 3600);
}
