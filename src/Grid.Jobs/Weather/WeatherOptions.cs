namespace Grid.Jobs;

public enum WeatherSource
{
    /// <summary>Only what is imported.</summary>
    None = 0,
    OpenMeteo = 1,
}

/// <summary>Where outdoor temperatures come from: section <c>Grid:Weather</c>.</summary>
public sealed class WeatherOptions
{
    public WeatherSource Source { get; set; }

    /// <summary>Of the neighbourhood, in degrees north; two decimals are a kilometre, and enough.</summary>
    public double? Latitude { get; set; }

    /// <summary>In degrees east.</summary>
    public double? Longitude { get; set; }

    /// <summary>Days that are over for long.</summary>
    public string ArchiveUrl { get; set; } = "https://archive-api.open-meteo.com/v1/archive";

    /// <summary>The last days and the next ones.</summary>
    public string ForecastUrl { get; set; } = "https://api.open-meteo.com/v1/forecast";

    public IEnumerable<string> Faults()
    {
        if (Source is WeatherSource.None) yield break;
        if (Latitude is not (>= -90 and <= 90)) yield return "Grid:Weather:Latitude is needed for OpenMeteo: the neighbourhood's, from -90 to 90, such as 48.82.";
        if (Longitude is not (>= -180 and <= 180)) yield return "Grid:Weather:Longitude is needed for OpenMeteo: the neighbourhood's, from -180 to 180, such as 2.27.";
        foreach (var (key, url) in ((string, string)[])[("ArchiveUrl", ArchiveUrl), ("ForecastUrl", ForecastUrl)])
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) yield return $"Grid:Weather:{key} must be an address such as https://api.open-meteo.com/v1/forecast.";
    }
}
