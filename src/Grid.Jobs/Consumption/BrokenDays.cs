using Grid.Domain;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Jobs;

/// <summary>What is broken now, for the operators' monitoring: the same on every node, whichever has checked last.</summary>
public sealed partial class BrokenDays(IHouseholdDays days, IFeederDays feeders, JobMetrics metrics, TimeProvider clock, ILogger<BrokenDays> logger) : BackgroundService
{
    private const int MostCounted = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, clock);
        var failing = false;
        try
        {
            do
            {
                try
                {
                    await CountAsync(stoppingToken);
                    failing = false;
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    if (!failing) Log.Failing(logger, failure);
                    failing = true;
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    public async Task CountAsync(CancellationToken ct)
    {
        metrics.BrokenDays = (await days.ViolationsAsync(MostCounted, ct)).Count;
        metrics.BrokenFeederDays = (await feeders.ViolationsAsync(ct)).Count;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The registry does not tell which days are broken; the metrics keep what they had.")]
        public static partial void Failing(ILogger logger, Exception failure);
    }
}
