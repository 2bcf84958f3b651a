using Grid.Domain;
using Grid.Ingest;
using Grid.Portal;
using Grid.Storage;

namespace Grid.Server;

/// <summary>Brings the databases to their present form before anything reads them, and the registry into memory.</summary>
internal sealed partial class StartUp(IServiceProvider services, CurrentRegistry registry, RegistrySnapshotFile kept, GridOptions options, ILogger<StartUp> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in options.Warnings()) Log.ReadAlong(logger, warning);
        if (options.Has(Role.Ingest) && options.Broker.Kind is BrokerKind.External && KnownClientId.Replace(options.DataDirectory, options.Broker.ClientId) is { } before)
            Log.Renamed(logger, before);
        try
        {
            await PrepareAsync(services, cancellationToken);
            await registry.RefreshAsync(cancellationToken);
            Log.Started(logger, options.RolesInForce, options.DataDirectory, options.Url);
        }
        catch (Exception failure) when (kept.Read() is { } snapshot)
        {
            // Meters go on measuring while the registry is down: what they send waits in the journal.
            Log.FromDisk(logger, failure, snapshot.Version);
            registry.StartFrom(snapshot);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The registry's schema and the roles of accounts.</summary>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.MigrateRegistryAsync(ct);
        await services.EnsureRolesAsync([Roles.Resident, Roles.Operator], ct);
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Information, "Grid ({Roles}) keeps its data in {Directory} and serves {Url}.")]
        public static partial void Started(ILogger logger, string roles, string directory, string url);

        [LoggerMessage(1, LogLevel.Warning, "The registry database does not answer; starting from the copy of version {Version} on disk.")]
        public static partial void FromDisk(ILogger logger, Exception failure, long version);

        [LoggerMessage(4, LogLevel.Warning, "Grid:Broker:ClientId was {Before} before: the broker keeps a share of all messages for that name, which nobody reads any more. End its session; the README says how (More than one node).")]
        public static partial void Renamed(ILogger logger, string before);

        [LoggerMessage(3, LogLevel.Warning, "{What}")]
        public static partial void ReadAlong(ILogger logger, string what);
    }
}
