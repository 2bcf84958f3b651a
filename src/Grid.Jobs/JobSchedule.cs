using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Grid.Jobs;

/// <summary>
/// Runs the schedule from the moment on at which its store answers: meters are served without it. Triggers that a former release left there (another interval, a job that
/// is no more) are taken away first.
/// </summary>
internal sealed partial class JobSchedule(ISchedulerFactory schedulers, IReadOnlySet<TriggerKey> declared, TimeProvider clock, ILogger<JobSchedule> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private IScheduler? _running;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_running is { } scheduler) await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_running is null)
        {
            try
            {
                var scheduler = await schedulers.GetScheduler(stoppingToken);
                await TakeAwayAsync(scheduler, stoppingToken);
                await scheduler.Start(stoppingToken);
                _running = scheduler;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotYet(logger, failure.Message);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task TakeAwayAsync(IScheduler scheduler, CancellationToken ct)
    {
        foreach (var key in await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.GroupEquals(JobsModule.Group), ct))
            if (!declared.Contains(key)) await scheduler.UnscheduleJob(key, ct);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The jobs' schedule cannot be read, so no job runs yet; Grid tries again in 10 s. {Why}")]
        public static partial void NotYet(ILogger logger, string why);
    }
}
