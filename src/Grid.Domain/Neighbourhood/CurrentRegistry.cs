namespace Grid.Domain;

/// <summary>The newest registry snapshot that this process has seen. Read it anywhere; one caller refreshes it now and then.</summary>
public sealed class CurrentRegistry(IRegistry registry)
{
    private volatile RegistrySnapshot _snapshot = RegistrySnapshot.Empty;

    public RegistrySnapshot Snapshot => _snapshot;

    /// <summary>Starts from a snapshot kept elsewhere while the registry is down.</summary>
    public void StartFrom(RegistrySnapshot snapshot) => _snapshot = snapshot;

    /// <summary>False while the registry has changes that this process has not read.</summary>
    public async Task<bool> IsNewestAsync(CancellationToken ct) => await registry.VersionAsync(ct) == _snapshot.Version;

    /// <returns>True if the registry had changed.</returns>
    public async Task<bool> RefreshAsync(CancellationToken ct)
    {
        if (await IsNewestAsync(ct)) return false;
        _snapshot = await registry.ReadAsync(ct);
        return true;
    }
}
