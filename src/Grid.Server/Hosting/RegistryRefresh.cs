using Grid.Domain;

namespace Grid.Server;

/// <summary>Reads the registry again when it has changed, and keeps a copy on this node's disk.</summary>
internal sealed partial class RegistryRefresh(CurrentRegistry registry, RegistrySnapshotFile kept, TimeProvider clock, ILogger<RegistryRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isKept = false; // StartUp has read it
        using var timer = new PeriodicTimer(Interval, clock);
        var failing = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (await registry.RefreshAsync(stoppingToken) || !isKept) kept.Write(registry.Snapshot);
                    isKept = true;
                    failing = false;
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    if (!failing) Log.Failing(logger, failure);
                    failing = true;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The registry cannot be read again, or its copy not be kept; going on with what is known.")]
        public static partial void Failing(ILogger logger, Exception failure);
    }
}
