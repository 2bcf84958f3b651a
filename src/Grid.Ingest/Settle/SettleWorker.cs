using System.Collections.Frozen;
using Grid.Domain;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Ingest;

/// <summary>Settles the journal batch after batch. What fails is tried again: the journal keeps it meanwhile.</summary>
internal sealed partial class SettleWorker(Journal journal, Settler settler, TimeProvider clock, ILogger<SettleWorker> logger) : BackgroundService
{
    private const int MaxItems = 20_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await PatientlyAsync(() => settler.AcknowledgeAllAsync(stoppingToken), stoppingToken);
            long done = 0;
            while (true)
            {
                var groups = await journal.ReadAsync(done, MaxItems, stoppingToken);
                IReadOnlyDictionary<GatewayEpoch, SequenceSet> stored = FrozenDictionary<GatewayEpoch, SequenceSet>.Empty;
                await PatientlyAsync(async () => stored = await settler.SettleAsync(groups, stoppingToken), stoppingToken);
                done = groups[^1].Number;
                journal.Settled(done, groups.Sum(g => g.Entries.Sum(e => e.Items)));
                await PatientlyAsync(() => settler.AcknowledgeAsync(stored, stoppingToken), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not settled stays in the journal.
        }
    }

    private async Task PatientlyAsync(Func<Task> step, CancellationToken ct)
    {
        for (var wait = TimeSpan.FromMilliseconds(200); ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                await step();
                return;
            }
            catch (Exception failure) when (!ct.IsCancellationRequested)
            {
                Log.Waiting(logger, wait.TotalSeconds, failure);
                await Task.Delay(wait, clock, ct);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Settling failed, the journal keeps what came; trying again in {Seconds} s.")]
        public static partial void Waiting(ILogger logger, double seconds, Exception failure);
    }
}
