using Npgsql;

namespace Grid.Storage;

/// <summary>Where the registry, the aggregates and the accounts live: section <c>Grid:Registry</c>.</summary>
public sealed class RegistryOptions
{
    public RegistryKind Kind { get; set; } = RegistryKind.Sqlite;

    /// <summary>Needed for PostgreSQL; for SQLite the file <c>registry.db</c> in the data directory unless said.</summary>
    public string ConnectionString { get; set; } = "";

    public IEnumerable<string> Faults()
    {
        if (Kind is not RegistryKind.PostgreSql) yield break;
        if (ConnectionString.Length == 0)
            yield return "Grid:Registry:ConnectionString is missing for PostgreSql, such as Host=127.0.0.1;Database=grid;Username=grid;Password=….";
        else if (Unreadable() is { } why) yield return $"Grid:Registry:ConnectionString cannot be read: {why}";
    }

    private string? Unreadable()
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(ConnectionString);
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            return wrong.Message;
        }
    }
}

public enum RegistryKind
{
    Sqlite = 1,
    PostgreSql = 2,
}
