using Grid.Domain;
using Grid.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Ingest;

/// <summary>
/// Takes what operators asked to have replayed through the gate and the journal again, as if it came now, but judged by the time
/// of its first arrival. Once committed it is marked: what is refused again is the same row, and is not tried for ever.
/// </summary>
internal sealed partial class QuarantineReplay(
    IQuarantine quarantine, IRegistry registry, CurrentRegistry current, Gate gate, Journal journal, TimeProvider clock, ILogger<QuarantineReplay> logger) : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var failing = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    while (await RunOnceAsync(stoppingToken) == BatchSize) stoppingToken.ThrowIfCancellationRequested();
                    failing = false;
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    if (!failing) Log.Failing(logger, failure);
                    failing = true;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is asked for stays so.
        }
    }

    /// <returns>How many items were done.</returns>
    internal async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var asked = await quarantine.AskedAsync(BatchSize, ct);
        // An operator mends the registry and asks at once: not before this process has seen the change.
        if (asked.Count == 0 || await registry.VersionAsync(ct) != current.Snapshot.Version) return 0;
        List<Task> committed = [];
        foreach (var entry in asked.Select(Entry).OfType<JournalEntry>())
        {
            AwaitedReceipt receipt = new();
            await journal.OfferAsync(entry, receipt, ct);
            committed.Add(receipt.Task);
        }

        await Task.WhenAll(committed);
        await quarantine.MarkReplayedAsync([.. asked.Select(i => i.Id)], Instant.FromDateTimeOffset(clock.GetUtcNow()), ct);
        return asked.Count;
    }

    /// <returns>Null if the item cannot be judged again.</returns>
    internal JournalEntry? Entry(QuarantinedItem item)
    {
        if (!ReplayRule.Allows(item)) return null;
        var payload = QuarantineForm.IsMessage(item) ? item.Body : [.. """{"epoch":1,"seq":1,"readings":["""u8, .. item.Body, .. "]}"u8];
        JournalEntry Inspect(Envelope envelope) => gate.Inspect(item.Gateway, item.Topic, envelope, payload, item.ReceivedAt);
        var entry = Inspect(default);
        // Stamps that move with the message's properties stood in them, and those are not kept: a guess would be stored as the truth.
        if (!entry.Readings.Select(r => r.At).SequenceEqual(Inspect(new(null, null, item.ReceivedAt - Duration.FromDays(1))).Readings.Select(r => r.At)))
        {
            Log.Timeless(logger, item.Id);
            return null;
        }

        // Its number was acknowledged when it was refused. Only the word that numbers are lost means nothing without its epoch.
        if (entry.Event is not { Kind: MeterEventKind.Lost }) entry = entry with { Epoch = null, Seq = null };
        return entry with { Refused = [.. entry.Refused.Select(again => again.Reason == item.Reason && !QuarantineForm.IsMessage(item) ? item : again)] };
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Warning, "Quarantined item {Item} is not replayed: it does not say itself when it was read.")]
        public static partial void Timeless(ILogger logger, string item);

        [LoggerMessage(1, LogLevel.Warning, "The quarantine cannot be replayed; what is asked for waits.")]
        public static partial void Failing(ILogger logger, Exception failure);
    }
}

public static class ReplayRule
{
    /// <summary>True if the item is whole, and a message or a reading in JSON: a part of another format says nothing by itself.</summary>
    public static bool Allows(QuarantinedItem item) =>
        item.IsWhole && (QuarantineForm.IsMessage(item) || string.Equals(item.Topic, Topics.Of(item.Gateway, TopicKind.Readings), StringComparison.Ordinal));
}
