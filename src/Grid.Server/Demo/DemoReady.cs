using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grid.Server;

/// <summary>The demo is ready once its history is in, aggregated and reported.</summary>
internal sealed class DemoReady : IHealthCheck
{
    private volatile bool _historyIsIn;

    public void HistoryIsIn() => _historyIsIn = true;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_historyIsIn ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The history is still coming in."));
}
