using Quartz;

namespace Grid.Jobs;

/// <summary>Computes marked days until none is left.</summary>
[DisallowConcurrentExecution]
internal sealed class AggregateJob(Aggregation aggregation) : IJob
{
    public static readonly JobKey Key = new("aggregate", "pipeline");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        while (await aggregation.RunOnceAsync(cancellationToken) > 0) cancellationToken.ThrowIfCancellationRequested();
    }
}

/// <summary>Copies computed days until all are copied.</summary>
[DisallowConcurrentExecution]
internal sealed class PublishJob(Publication publication) : IJob
{
    public static readonly JobKey Key = new("publish", "pipeline");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        while (await publication.RunOnceAsync(cancellationToken) > 0) cancellationToken.ThrowIfCancellationRequested();
    }
}

/// <summary>Writes the reports of closed months.</summary>
[DisallowConcurrentExecution]
internal sealed class ReportJob(Reporting reporting) : IJob
{
    public static readonly JobKey Key = new("monthly-report", "pipeline");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await reporting.RunOnceAsync(cancellationToken);
}
