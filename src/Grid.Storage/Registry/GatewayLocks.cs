using Grid.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Grid.Storage;

/// <summary>Advisory locks in PostgreSQL, one a shard of gateways, within a transaction: a node that dies gives them back with its connection.</summary>
internal sealed class GatewayLocks(IDbContextFactory<RegistryContext> contexts) : IGatewayLocks
{
    private const int Shards = 64;
    private const long Space = 0x4772_6964L << 32; // "Grid": so that nobody else's locks are meant

    /// <summary>Another node may have much to settle; a server that is gone would never say so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _node = Guid.NewGuid().ToString("N");

    public async Task<IGatewayLock> TakeAsync(IReadOnlyCollection<GatewayName> gateways, CancellationToken ct)
    {
        long[] shards = [.. gateways.Select(ShardOf).Distinct().Order()]; // in one order on all nodes: none waits for one that waits for it
        var registry = await contexts.CreateDbContextAsync(ct);
        try
        {
            registry.Database.SetCommandTimeout(Patience);
            var transaction = await registry.Database.BeginTransactionAsync(ct);
            foreach (var shard in shards) await registry.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Space + shard})", ct);
            var changed = await TakeOverAsync(registry, shards, ct);
            return new Held(registry, transaction, changed);
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> TakeOverAsync(RegistryContext registry, long[] shards, CancellationToken ct)
    {
        var ours = await registry.GatewayShards.CountAsync(s => shards.Contains(s.Shard) && s.Node == _node, ct);
        if (ours == shards.Length) return false;
        foreach (var shard in shards)
            await registry.Database.ExecuteSqlAsync(
                $"""INSERT INTO "GatewayShards" ("Shard", "Node") VALUES ({shard}, {_node}) ON CONFLICT ("Shard") DO UPDATE SET "Node" = excluded."Node" """, ct);
        return true;
    }

    private static long ShardOf(GatewayName gateway)
    {
        uint hash = 2166136261; // FNV-1a: the same on every node and in every release
        foreach (var c in gateway.Value) hash = unchecked((hash ^ c) * 16777619);
        return hash % Shards;
    }

    private sealed class Held(RegistryContext registry, IDbContextTransaction transaction, bool changedHands) : IGatewayLock
    {
        public bool ChangedHands => changedHands;

        public Task EnsureHeldAsync(CancellationToken ct) => registry.Database.ExecuteSqlAsync($"SELECT 1", ct);

        public async ValueTask DisposeAsync()
        {
            try
            {
                await transaction.CommitAsync();
            }
            catch (Exception lost) when (lost is System.Data.Common.DbException or InvalidOperationException)
            {
                // The connection went, and the locks with it; who holds them next takes the shards over.
            }
            finally
            {
                await transaction.DisposeAsync();
                await registry.DisposeAsync();
            }
        }
    }
}
