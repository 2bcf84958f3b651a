using Polly;
using Polly.Retry;

namespace Grid.Storage;

/// <summary>Tries a write again until InfluxDB takes it or says that it never will: 0.2 s, doubling to 10 s, with jitter.</summary>
internal sealed class PatientRetry(TimeProvider clock)
{
    private static readonly ResiliencePropertyKey<Action<Exception>> OnFailure = new("on-failure");

    private readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(10),
            UseJitter = true,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception switch
            {
                null => false,
                InfluxException refused => !refused.RefusesLines,
                OperationCanceledException => !args.Context.CancellationToken.IsCancellationRequested, // HttpClient's own time-out
                _ => true,
            }),
            OnRetry = args =>
            {
                if (args.Outcome.Exception is { } failure && args.Context.Properties.TryGetValue(OnFailure, out var tell)) tell!(failure);
                return default;
            },
        })
        .Build();

    public async Task RunAsync(Func<CancellationToken, Task> attempt, Action<Exception> onFailure, CancellationToken ct)
    {
        var context = ResilienceContextPool.Shared.Get(ct);
        context.Properties.Set(OnFailure, onFailure);
        try
        {
            await _pipeline.ExecuteAsync(async c => await attempt(c.CancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
