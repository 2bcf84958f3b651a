namespace Grid.Storage;

/// <summary>Where the registry, the aggregates and the accounts live: section <c>Grid:Registry</c>.</summary>
public sealed class RegistryOptions
{
    public RegistryKind Kind { get; set; } = RegistryKind.Sqlite;

    /// <summary>Needed for PostgreSQL; for SQLite the file <c>registry.db</c> in the data directory unless said.</summary>
    public string ConnectionString { get; set; } = "";

    public IEnumerable<string> Faults()
    {
        if (Kind is RegistryKind.PostgreSql && ConnectionString.Length == 0)
            yield return "Grid:Registry:ConnectionString is missing for PostgreSql, such as Host=127.0.0.1;Database=grid;Username=grid;Password=….";
    }
}

public enum RegistryKind
{
    Sqlite = 1,
    PostgreSql = 2,
}
