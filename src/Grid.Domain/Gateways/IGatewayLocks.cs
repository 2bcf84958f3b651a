namespace Grid.Domain;

/// <summary>
/// Keeps two ingest nodes from settling one gateway at the same time: what one compares and writes, the other must see. Gateways share
/// a fixed number of locks.
/// </summary>
public interface IGatewayLocks
{
    /// <summary>Waits until no other node settles any of these gateways.</summary>
    Task<IGatewayLock> TakeAsync(IReadOnlyCollection<GatewayName> gateways, CancellationToken ct);
}

/// <summary>Held until it is disposed of.</summary>
public interface IGatewayLock : IAsyncDisposable
{
    /// <summary>True if another node has settled one of the gateways since this one did: nothing that is remembered of them holds.</summary>
    bool ChangedHands { get; }

    /// <summary>Throws if the lock was lost, with the connection that held it: what was decided under it must not be recorded.</summary>
    Task EnsureHeldAsync(CancellationToken ct);
}

/// <summary>For a node that is alone by construction: its registry is a file of its own.</summary>
public sealed class NoOtherNodes : IGatewayLocks, IGatewayLock
{
    public bool ChangedHands => false;

    public Task<IGatewayLock> TakeAsync(IReadOnlyCollection<GatewayName> gateways, CancellationToken ct) => Task.FromResult<IGatewayLock>(this);

    public Task EnsureHeldAsync(CancellationToken ct) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}
