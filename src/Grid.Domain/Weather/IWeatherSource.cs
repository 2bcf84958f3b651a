namespace Grid.Domain;

/// <summary>Outdoor temperatures from somebody who measures or forecasts them.</summary>
public interface IWeatherSource
{
    /// <summary>What is known of the hours of these UTC days, past and coming; hours that nobody knows are absent.</summary>
    /// <param name="first">Included, like <paramref name="last"/>.</param>
    /// <exception cref="WeatherUnavailableException">With a sentence for the operator.</exception>
    Task<IReadOnlyList<HourlyTemperature>> HoursAsync(LocalDate first, LocalDate last, CancellationToken ct);
}

/// <summary>The source does not answer, or not in its own format.</summary>
public sealed class WeatherUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
