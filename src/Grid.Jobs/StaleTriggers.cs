using Microsoft.Extensions.Hosting;
using Quartz;

namespace Grid.Jobs;

/// <summary>Takes triggers away that a former release left in the store: another interval, a job that is no more.</summary>
internal sealed class StaleTriggers(ISchedulerFactory schedulers, IReadOnlySet<TriggerKey> declared) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (var key in await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.GroupEquals(JobsModule.Group), cancellationToken))
            if (!declared.Contains(key)) await scheduler.UnscheduleJob(key, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
