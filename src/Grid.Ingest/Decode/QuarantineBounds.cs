using Grid.Domain;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Ingest;

/// <summary>Holds each gateway's quarantine to its bounds now and then: one that sends rubbish must not fill the registry's disk.</summary>
internal sealed partial class QuarantineBounds(
    IQuarantine quarantine, IngestOptions options, IngestMetrics metrics, TimeProvider clock, ILogger<QuarantineBounds> logger) : BackgroundService
{
    private const long MaxBodyBytes = 64L << 20;
    private const int ItemsForABody = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RunOnceAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task RunOnceAsync(CancellationToken ct)
    {
        try
        {
            metrics.Forgotten(await quarantine.TrimAsync(options.QuarantineMaxItems, MaxBodyBytes, options.QuarantineMaxItems * ItemsForABody, ct));
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            Log.Failing(logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The quarantine cannot be held to its bounds; trying again in five minutes.")]
        public static partial void Failing(ILogger logger, Exception failure);
    }
}
