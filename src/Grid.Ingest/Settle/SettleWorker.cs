using Grid.Domain;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Ingest;

/// <summary>Settles the journal batch after batch. What fails is tried again: the journal keeps it meanwhile.</summary>
internal sealed partial class SettleWorker(
    Journal journal, Settler settler, Correspondence correspondence, IReadingStore store, ILedger ledger, TimeProvider clock, ILogger<SettleWorker> logger) : BackgroundService
{
    private const int MaxItems = 25_000;
    private const int Attempts = 4;
    private static readonly Task<IReadOnlyList<JournalGroup>> Nothing = Task.FromResult<IReadOnlyList<JournalGroup>>([]);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ahead = Nothing;
        try
        {
            long done = 0;
            while (true)
            {
                var groups = await ahead is { Count: > 0 } read ? read : await ReadAsync(done, stoppingToken);
                var last = done = groups[^1].Number;
                // A backlog is read ahead. Without one it would make small batches of what comes meanwhile.
                ahead = journal.PendingItems < 2 * MaxItems ? Nothing : Task.Run(() => ReadAhead(last), stoppingToken);
                if (await SettledAsync(groups, stoppingToken)) continue;
                await ahead; // the journal has one reader
                foreach (var group in groups) await SettleAloneAsync(group, stoppingToken); // one of them may be at fault: it must not hold up the others
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not settled stays in the journal.
        }
        finally
        {
            await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A disk may lose what it held: then nothing behind it can be read, and all that can be done is not to throw it away.
    private async Task<IReadOnlyList<JournalGroup>> ReadAsync(long after, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await journal.ReadAsync(after, MaxItems, ct);
            }
            catch (Exception failure) when (!ct.IsCancellationRequested)
            {
                Log.Unreadable(logger, after, LongestWait.TotalSeconds, failure);
                await Task.Delay(LongestWait, clock, ct);
            }
        }
    }

    private IReadOnlyList<JournalGroup> ReadAhead(long after)
    {
        try
        {
            return journal.Read(after, MaxItems);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return []; // told when its turn comes
        }
    }

    /// <returns>False if it failed several times for reasons of its own.</returns>
    private async Task<bool> SettledAsync(IReadOnlyList<JournalGroup> groups, CancellationToken ct)
    {
        if (await StoredAsync(groups, ct) is not { } stored) return false;
        Tell(groups, stored);
        journal.Settled(groups[^1].Number, groups.Sum(g => g.Items));
        return true;
    }

    private async Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>?> StoredAsync(IReadOnlyList<JournalGroup> groups, CancellationToken ct)
    {
        var wait = ShortestWait;
        for (var failed = 0; failed < Attempts;)
        {
            try
            {
                return await settler.SettleAsync(groups, ct);
            }
            catch (Exception failure) when (!ct.IsCancellationRequested)
            {
                Log.Waiting(logger, wait.TotalSeconds, failure);
                await Task.Delay(wait, clock, ct);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                if (Blame.IsTheContents(failure) && await AnswersAsync(ct)) failed++; // an outage is nobody's fault, however long
            }
        }

        return null;
    }

    private async Task SettleAloneAsync(JournalGroup group, CancellationToken ct)
    {
        if (await SettledAsync([group], ct)) return;
        await SetAsideAsync(group, ct);
        Log.SetAside(logger, group.Number, group.Items);
    }

    private async Task SetAsideAsync(JournalGroup group, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                journal.SetAside(group);
                return;
            }
            catch (Exception failure) when (!ct.IsCancellationRequested)
            {
                Log.Waiting(logger, LongestWait.TotalSeconds, failure); // its own disk may be full
                await Task.Delay(LongestWait, clock, ct);
            }
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await store.CheckAsync(ct);
            await ledger.RegisterBreaksAsync([], ct);
            return true;
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Tell(IReadOnlyList<JournalGroup> groups, IReadOnlyDictionary<GatewayEpoch, SequenceSet> stored)
    {
        List<JournalEntry> entries = [.. groups.SelectMany(g => g.Entries)];
        correspondence.Note(stored, entries, entries.Max(e => e.ReceivedAt));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Settling failed, the journal keeps what came; trying again in {Seconds} s.")]
        public static partial void Waiting(ILogger logger, double seconds, Exception failure);

        [LoggerMessage(2, LogLevel.Critical, "Journal group {Number} cannot be settled although the store answers: its {Items} items are set aside in the journal's table 'damaged' and tried again at the next start.")]
        public static partial void SetAside(ILogger logger, long number, int items);

        [LoggerMessage(3, LogLevel.Critical, "The journal cannot be read after group {Number}; trying again in {Seconds} s. What is acknowledged stays in it: copy journal.db and its -wal, and see what SQLite's .recover finds.")]
        public static partial void Unreadable(ILogger logger, long number, double seconds, Exception failure);
    }
}
