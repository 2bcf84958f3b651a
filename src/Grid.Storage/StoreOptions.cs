namespace Grid.Storage;

/// <summary>Where readings live: section <c>Grid:Store</c>.</summary>
public sealed class StoreOptions
{
    public StoreKind Kind { get; set; } = StoreKind.Embedded;

    /// <summary>InfluxDB's address, such as http://127.0.0.1:8086.</summary>
    public string Url { get; set; } = "";

    public string Database { get; set; } = "grid";

    /// <summary>Empty where InfluxDB asks for no login.</summary>
    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    public IEnumerable<string> Faults()
    {
        if (Kind is not StoreKind.InfluxDb) yield break;
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return "Grid:Store:Url must be InfluxDB's address, such as http://127.0.0.1:8086.";
        if (Database.Length == 0) yield return "Grid:Store:Database must name a database, such as grid.";
        if (User.Length > 0 && Password.Length == 0) yield return "Grid:Store:Password is missing for Grid:Store:User.";
    }
}

public enum StoreKind
{
    Embedded = 1,
    InfluxDb = 2,
}
