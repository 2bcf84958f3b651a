namespace Grid.Domain;

/// <summary>Who lives where, behind which meter and gateway: SQLite or PostgreSQL.</summary>
public interface IRegistry
{
    /// <summary>Rises with every change, so that readers know when to read again.</summary>
    Task<long> VersionAsync(CancellationToken ct);

    Task<RegistrySnapshot> ReadAsync(CancellationToken ct);
}
