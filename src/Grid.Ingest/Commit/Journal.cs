using System.Buffers;
using System.Threading.Channels;
using Grid.Domain;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Grid.Ingest;

/// <summary>The journal takes no more for now: nothing was committed, and the sender must keep what it has.</summary>
internal sealed class JournalFullException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// This node's own record of everything that it acknowledged and has not settled. Entries that wait at the same time share
/// one commit; each offer's receipt hears when its group is on disk, and not before.
/// </summary>
internal sealed partial class Journal : IAsyncDisposable
{
    private const int SqliteBusy = 5;
    private const int SqliteFull = 13;
    private const int MaxGroupEntries = 2_048;
    private const int MaxGroupItems = 20_000;

    private readonly JournalFile _file;
    private readonly IngestOptions _options;
    private readonly IngestMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Channel<Waiting> _inbox = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(4_096) { SingleReader = true });
    private readonly ArrayBufferWriter<byte> _body = new(1 << 16);
    private readonly Task _writing;
    private Exception? _broken;
    private Exception? _unreadable;
    private TaskCompletionSource _grown = NewSignal();
    private long _settled;
    private long _trimmed;
    private long _pendingItems;
    private long _uncommittedItems;
    private long _oldestAtMs = long.MaxValue;

    public Journal(string file, IngestOptions options, IngestMetrics metrics, TimeProvider clock, ILogger<Journal> logger)
    {
        (_file, _options, _metrics, _clock, _logger) = (new(file), options, metrics, clock, logger);
        _file.TakeBack(Instant.FromDateTimeOffset(clock.GetUtcNow()));
        _pendingItems = _file.CountItems();
        _oldestAtMs = OldestAtMs();
        _writing = Task.Run(WriteAsync);
    }

    private readonly record struct Waiting(JournalEntry? Entry, IReceipt? Receipt);

    /// <summary>Items committed and not settled.</summary>
    public long PendingItems => Interlocked.Read(ref _pendingItems);

    /// <summary>Items taken and not on disk yet.</summary>
    public long UncommittedItems => Interlocked.Read(ref _uncommittedItems);

    public Exception? Broken => Volatile.Read(ref _broken);

    /// <summary>Why what comes next cannot be read; null as long as it can.</summary>
    public Exception? Unreadable => Volatile.Read(ref _unreadable);

    /// <summary>Waits for a place in the queue. The receipt is told once the entry's group is on disk, or was refused.</summary>
    /// <exception cref="JournalFullException">At its bound; then the receipt is not told.</exception>
    public async ValueTask OfferAsync(JournalEntry entry, IReceipt receipt, CancellationToken ct)
    {
        if (Broken is { } broken) throw PushedBack(new("The journal cannot be written.", broken));
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var oldest = Interlocked.Read(ref _oldestAtMs);
        if (oldest < long.MaxValue && now - oldest > _options.JournalMaxAge.TotalMilliseconds)
            throw PushedBack(new($"The journal's oldest entry waits longer than Grid:Ingest:JournalMaxAge ({_options.JournalMaxAge})."));
        Interlocked.Add(ref _uncommittedItems, entry.Items);
        try
        {
            await _inbox.Writer.WriteAsync(new(entry, receipt), ct);
        }
        catch
        {
            Interlocked.Add(ref _uncommittedItems, -entry.Items);
            throw;
        }
    }

    /// <summary>Groups after a number; waits until there is one. For one reader.</summary>
    public async Task<IReadOnlyList<JournalGroup>> ReadAsync(long after, int maxItems, CancellationToken ct)
    {
        while (true)
        {
            var grown = Volatile.Read(ref _grown).Task;
            if (Read(after, maxItems) is { Count: > 0 } groups) return groups;
            await grown.WaitAsync(ct);
        }
    }

    /// <summary>Groups after a number, none if there is none now. For the one reader.</summary>
    public IReadOnlyList<JournalGroup> Read(long after, int maxItems)
    {
        List<(long Number, int Items)> damaged = [];
        var groups = ReadWhole(after, maxItems, damaged);
        foreach (var (number, items) in damaged)
        {
            _file.SetAside(number);
            Interlocked.Add(ref _pendingItems, -items);
            _metrics.SetAside(items);
            Log.Damaged(_logger, number, items);
        }

        return groups;
    }

    private IReadOnlyList<JournalGroup> ReadWhole(long after, int maxItems, List<(long Number, int Items)> damaged)
    {
        try
        {
            var groups = _file.Read(after, maxItems, damaged);
            Volatile.Write(ref _unreadable, null);
            return groups;
        }
        catch (SqliteException failure)
        {
            Volatile.Write(ref _unreadable, failure);
            throw;
        }
    }

    /// <summary>Everything up to this number is settled: forgotten with the next commit.</summary>
    public void Settled(long through, int items)
    {
        Interlocked.Exchange(ref _settled, through);
        Interlocked.Add(ref _pendingItems, -items);
        _metrics.Trimmed();
        _inbox.Writer.TryWrite(default); // if the queue is full, a commit is on its way anyway
    }

    /// <summary>Moves a group out of the way that cannot be settled. The next process tries it again. For the one reader.</summary>
    public void SetAside(JournalGroup group)
    {
        _file.SetAside(group.Number);
        Interlocked.Add(ref _pendingItems, -group.Items);
        _metrics.SetAside(group.Items);
        Settled(group.Number, 0);
    }

    /// <summary>Ends when everything offered or settled so far has been written.</summary>
    internal async Task TrimmedAsync()
    {
        AwaitedReceipt receipt = new();
        await _inbox.Writer.WriteAsync(new(null, receipt));
        await receipt.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _inbox.Writer.TryComplete();
        await _writing;
        _file.Dispose();
    }

    private JournalFullException PushedBack(JournalFullException why)
    {
        _metrics.PushedBack(1);
        return why;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAsync()
    {
        List<Waiting> group = [];
        while (await _inbox.Reader.WaitToReadAsync())
        {
            var items = 0;
            while (group.Count < MaxGroupEntries && items < MaxGroupItems && _inbox.Reader.TryRead(out var waiting))
            {
                group.Add(waiting);
                items += waiting.Entry?.Items ?? 0;
            }

            Commit(group);
            Interlocked.Add(ref _uncommittedItems, -items);
            group.Clear();
        }
    }

    private void Commit(List<Waiting> group)
    {
        List<JournalEntry> entries = [.. group.Select(w => w.Entry).OfType<JournalEntry>()];
        try
        {
            if (Broken is { } broken) throw new JournalFullException("The journal cannot be written.", broken);
            if (entries.Count > 0 && IsFull())
            {
                Write([]); // what was settled meanwhile may be all that fills it
                if (IsFull()) throw new JournalFullException($"The journal holds Grid:Ingest:JournalMaxBytes ({_options.JournalMaxBytes} bytes).");
            }

            Write(entries);
            foreach (var waiting in group) waiting.Receipt?.Committed();
        }
        catch (Exception failure)
        {
            Refuse(group, failure);
        }
    }

    private void Write(List<JournalEntry> entries)
    {
        var items = entries.Sum(e => e.Items);
        var settled = Interlocked.Read(ref _settled);
        var now = Instant.FromDateTimeOffset(_clock.GetUtcNow());
        _body.ResetWrittenCount();
        if (entries.Count > 0) EntryCodec.Encode(entries, _body);
        var number = _file.Commit(_body.WrittenSpan, items, now, settled > _trimmed ? settled : 0);
        Interlocked.Add(ref _pendingItems, items);
        _metrics.Received(entries);
        Remember(number, settled);
    }

    private bool IsFull() => _file.Bytes() > _options.JournalMaxBytes;

    private long OldestAtMs() => _file.OldestAt()?.ToUnixTimeMilliseconds() ?? long.MaxValue;

    private void Remember(long number, long settled)
    {
        var trimmed = settled > _trimmed;
        _trimmed = Math.Max(_trimmed, settled);
        if (trimmed || _oldestAtMs == long.MaxValue) Interlocked.Exchange(ref _oldestAtMs, OldestAtMs());
        if (number > 0) Interlocked.Exchange(ref _grown, NewSignal()).SetResult();
    }

    private void Refuse(List<Waiting> group, Exception failure)
    {
        // A full disk may be freed, a lock be given back. Any other failure of a commit leaves unknown what is on disk: never try the fsync again as if it could succeed.
        if (failure is not JournalFullException and not SqliteException { SqliteErrorCode: SqliteFull or SqliteBusy })
        {
            Volatile.Write(ref _broken, failure);
            Log.Broken(_logger, failure);
        }
        else Log.Full(_logger, failure.Message);

        var refusal = failure as JournalFullException ?? new JournalFullException("The journal could not be written.", failure);
        _metrics.PushedBack(group.Count(w => w.Entry is not null));
        foreach (var waiting in group) waiting.Receipt?.PushedBack(refusal);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "The journal could not be committed. Nothing more is acknowledged until Grid is started again.")]
        public static partial void Broken(ILogger logger, Exception failure);

        [LoggerMessage(3, LogLevel.Critical, "Journal group {Number} is damaged: {Items} acknowledged items are lost here. Its bytes are kept in the journal's table 'damaged'.")]
        public static partial void Damaged(ILogger logger, long number, int items);

        [LoggerMessage(2, LogLevel.Error, "The journal takes no more, gateways must keep their readings: {Why}")]
        public static partial void Full(ILogger logger, string why);
    }
}
