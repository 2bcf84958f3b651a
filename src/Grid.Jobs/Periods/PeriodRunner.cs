using Grid.Domain;
using Microsoft.Extensions.Logging;

namespace Grid.Jobs;

/// <summary>
/// Brings a job up to date: every period whose inputs are not those of its last committed run, one after another. What was missed while nobody ran is caught
/// up by that list, and what was killed half way is begun again; either ends in the same bytes.
/// </summary>
public sealed partial class PeriodRunner(IJobRuns runs, JobMetrics metrics, TimeProvider clock, ILogger<PeriodRunner> logger)
{
    private const int Tries = 3;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(2);

    /// <returns>How many results were new.</returns>
    public async Task<int> RunAsync(IPeriodicWork work, CancellationToken ct)
    {
        var committed = await runs.CommittedInputsAsync(work.Job, ct);
        var stored = 0;
        await foreach (var due in work.PeriodsAsync(ct))
        {
            if (!string.Equals(committed.GetValueOrDefault(due.Period), due.Inputs, StringComparison.Ordinal)) stored += await RunAsync(work, due, ct);
        }

        return stored;
    }

    private async Task<int> RunAsync(IPeriodicWork work, DuePeriod due, CancellationToken ct, int again = Tries - 1)
    {
        var run = await runs.BeginAsync(work.Job, due.Period, due.Inputs, ct);
        try
        {
            PeriodResult result;
            await using (var progress = new Told(runs, run, clock)) result = await work.ComputeAsync(due.Period, progress, ct);
            var stored = await runs.CommitAsync(run with { Outcome = result.Outcome }, result.Results, result.Shown, ct);
            metrics.Ended(work.Job, stored is null ? "taken-over" : "committed");
            return stored ?? 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw; // it stays begun, and is taken over by the next
        }
        catch (ToldMeanwhileException) when (again > 0)
        {
            return await RunAsync(work, due, ct, again - 1); // what comes after it must not be told first
        }
        catch (Exception failure)
        {
            Log.Failed(logger, failure, work.Job, due.Period);
            metrics.Ended(work.Job, "failed");
            await runs.FailAsync(run, failure.Message, ct);
            return 0; // the other periods go on; this one is tried again with the next trigger
        }
    }

    /// <summary>Tells the registry now and then, without holding up the work.</summary>
    private sealed class Told(IJobRuns runs, JobRun run, TimeProvider clock) : IProgress<(int Done, int Total)>, IAsyncDisposable
    {
        private long _last = clock.GetTimestamp();
        private Task _telling = Task.CompletedTask;

        public void Report((int Done, int Total) value)
        {
            if (!_telling.IsCompleted || clock.GetElapsedTime(_last) < ProgressInterval) return;
            _last = clock.GetTimestamp();
            _telling = runs.ProgressAsync(run, value.Done, value.Total, CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
#pragma warning disable VSTHRD003 // it was begun here
            await _telling;
#pragma warning restore VSTHRD003
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Job {Job} failed for {Period}; it is tried again with its next turn.")]
        public static partial void Failed(ILogger logger, Exception failure, string job, string period);
    }
}
