using Quartz;

namespace Grid.Jobs;

/// <summary>Computes marked days until none is left.</summary>
[DisallowConcurrentExecution]
internal sealed class AggregateJob(Aggregation aggregation) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        while (await aggregation.RunOnceAsync(cancellationToken) > 0) cancellationToken.ThrowIfCancellationRequested();
    }
}

/// <summary>Copies computed days until all are copied.</summary>
[DisallowConcurrentExecution]
internal sealed class PublishJob(Publication publication) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        while (await publication.RunOnceAsync(cancellationToken) > 0) cancellationToken.ThrowIfCancellationRequested();
    }
}

/// <summary>Checks computed days until all are checked, then the feeders' latest.</summary>
[DisallowConcurrentExecution]
internal sealed class InvariantsJob(Invariants invariants, FeederInvariants feeders) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        while (await invariants.RunOnceAsync(cancellationToken) > 0) cancellationToken.ThrowIfCancellationRequested();
        await feeders.RunOnceAsync(cancellationToken);
    }
}

/// <summary>Fetches the temperatures that are missing.</summary>
[DisallowConcurrentExecution]
internal sealed class WeatherJob(WeatherFetch weather) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await weather.RunOnceAsync(cancellationToken);
}

/// <summary>Deletes readings that are old enough.</summary>
[DisallowConcurrentExecution]
internal sealed class RetentionJob(PeriodRunner runner, Retention retention) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await runner.RunAsync(retention, cancellationToken);
}

/// <summary>Brings what is made of closed periods up to date, one after another, since each builds on those before.</summary>
[DisallowConcurrentExecution]
internal sealed class PeriodsJob(Periods periods) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await periods.RunAsync(cancellationToken);
}
