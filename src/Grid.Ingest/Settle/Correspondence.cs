using Grid.Domain;
using Grid.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Ingest;

/// <summary>
/// What the backend writes to gateways: <c>ack</c> for what is stored, <c>backfill</c> for what is missing. Many settlements of one gateway
/// make one <c>ack</c> in an interval; what could not be sent is sent later, with what has come since.
/// </summary>
internal sealed partial class Correspondence(
    Journal journal, IGatewayMail mail, ILedger ledger, IGatewayReports reports, IngestOptions options, IngestMetrics metrics, TimeProvider clock, ILogger<Correspondence> logger)
    : BackgroundService
{
    private const int MaxEpochs = 8;
    private const int AtOnce = 64;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<GatewayName, Addressee> _gateways = [];
    private readonly HashSet<GatewayName> _owed = [];
    private readonly List<Gap> _gapNews = [];
    private readonly List<(GatewayEpoch Epoch, SequenceRange Numbers)> _lostNews = [];
    private readonly List<ClockSkew> _clockNews = [];
    private readonly GapWatch _gaps = new(Duration.FromTimeSpan(options.ReorderWindow));
    private readonly ClockWatch _clocks = new();
    private Instant _settledUntil = Instant.MinValue;

    /// <summary>Takes note of a settlement.</summary>
    /// <param name="stored">All epochs of the gateways that it named.</param>
    /// <param name="settled">What it was of.</param>
    /// <param name="settledUntil">Everything received up to here is settled.</param>
    public void Note(
        IReadOnlyDictionary<GatewayEpoch, SequenceSet> stored, IReadOnlyList<JournalEntry> settled, Instant settledUntil)
    {
        var lost = settled.Where(e => e is { Event.Lost: not null, Epoch: not null }).ToLookup(e => new GatewayEpoch(e.Gateway, e.Epoch!.Value), e => e.Event!.Lost!.Value);
        lock (_lock)
        {
            _settledUntil = Instant.Max(_settledUntil, settledUntil);
            _clockNews.AddRange(_clocks.Note(settled));
            foreach (var epoch in lost) _lostNews.AddRange(epoch.Select(numbers => (epoch.Key, numbers)));
            Take(stored, lost, settledUntil);
        }
    }

    private void Take(IReadOnlyDictionary<GatewayEpoch, SequenceSet> stored, ILookup<GatewayEpoch, SequenceRange>? lost, Instant at)
    {
        foreach (var (epoch, numbers) in stored)
        {
            if (!_gateways.TryGetValue(epoch.Gateway, out var addressee)) _gateways[epoch.Gateway] = addressee = new();
            if (addressee.Note(epoch.Epoch, numbers)) _owed.Add(epoch.Gateway);
            _gapNews.AddRange(_gaps.Note(epoch, numbers, at, lost is null ? [] : [.. lost[epoch]]));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveGaps(() => _gaps.Open);
        try
        {
            while (!await DoneAsync(ResumeAsync, stoppingToken)) await Task.Delay(AfterFailure, clock, stoppingToken);
            while (true)
            {
                // Each for itself: a broker that is away keeps no report from operators.
                var done = await DoneAsync(SendAcksAsync, stoppingToken) & await DoneAsync(AskForGapsAsync, stoppingToken) & await DoneAsync(ReportAsync, stoppingToken);
                await Task.Delay(done ? Pace : AfterFailure, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is owed is said again at the next start.
        }
    }

    private async Task<bool> DoneAsync(Func<CancellationToken, Task> step, CancellationToken ct)
    {
        try
        {
            await step(ct);
            return true;
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            Log.Waiting(logger, failure.Message);
            return false;
        }
    }

    /// <summary>Says again what is stored: an embedded broker forgets its retained messages with its process.</summary>
    private async Task ResumeAsync(CancellationToken ct)
    {
        var stored = await ledger.SequencesAsync(null, ct);
        List<Gap> open = [];
        await foreach (var gap in reports.GapsAsync(Instant.MinValue, Instant.MaxValue, openOnly: true, ct)) open.Add(gap);
        var skews = await reports.SkewsAsync(ct);
        lock (_lock)
        {
            _gaps.Resume(open);
            _clocks.Resume(skews);
            Take(stored, null, Now()); // what was missing may be on its way again: it has a window from now
        }
    }

    private async Task SendAcksAsync(CancellationToken ct)
    {
        var now = Now();
        List<(GatewayName Gateway, byte[] Ack)> due = [];
        lock (_lock)
        {
            foreach (var gateway in _owed)
                if (_gateways[gateway].AckedAt + Duration.FromTimeSpan(options.AckInterval) <= now) due.Add((gateway, SmallMessages.Encode(_gateways[gateway].Ack())));
        }

        foreach (var some in due.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(d => mail.SendAsync(d.Gateway, TopicKind.Ack, d.Ack, retain: true, ct)));
            lock (_lock)
            {
                foreach (var (gateway, ack) in some)
                {
                    _gateways[gateway].AckedAt = now;
                    if (SmallMessages.Encode(_gateways[gateway].Ack()).AsSpan().SequenceEqual(ack)) _owed.Remove(gateway); // else more came meanwhile
                }
            }
        }
    }

    private async Task AskForGapsAsync(CancellationToken ct)
    {
        IReadOnlyList<Gap> noticed;
        IReadOnlyList<(GatewayEpoch Epoch, SequenceRange Numbers)> ask;
        IReadOnlyCollection<GatewayName> ripe;
        lock (_lock)
        {
            if (journal.PendingItems == 0) _settledUntil = Instant.Max(_settledUntil, Now()); // what has not come until now is missing, not late
            ripe = _gaps.Ripe(_settledUntil);
        }

        if (ripe.Count == 0) return;
        var stored = await ledger.SequencesAsync(ripe, ct); // another node may have settled what is missing here
        lock (_lock)
        {
            Take(stored, null, _settledUntil);
            (noticed, ask) = _gaps.Due(_settledUntil);
            _gapNews.AddRange(noticed);
        }

        foreach (var gap in noticed) Log.Noticed(logger, gap.Gateway, gap.Epoch, gap.Missing.From, gap.Missing.To);
        foreach (var some in ask.Chunk(AtOnce))
            await Task.WhenAll(some.Select(a => mail.SendAsync(
                a.Epoch.Gateway, TopicKind.Backfill, SmallMessages.Encode(new BackfillMessage(a.Epoch.Epoch, a.Numbers.From, a.Numbers.To)), retain: false, ct)));
    }

    private async Task ReportAsync(CancellationToken ct)
    {
        Gap[] gaps;
        ClockSkew[] skews;
        (GatewayEpoch, SequenceRange)[] lost;
        lock (_lock) (gaps, lost, skews) = ([.. _gapNews], [.. _lostNews], [.. _clockNews]);
        if (gaps.Length > 0) await reports.NoteAsync(gaps, ct);
        if (lost.Length > 0) await reports.NoteLostAsync(lost, Now(), ct);
        if (skews.Length > 0) await reports.NoteAsync(skews, ct);
        foreach (var gap in gaps) metrics.Gap(gap);
        lock (_lock)
        {
            _gapNews.RemoveRange(0, gaps.Length);
            _lostNews.RemoveRange(0, lost.Length);
            _clockNews.RemoveRange(0, skews.Length);
        }
    }

    private Instant Now() => Instant.FromDateTimeOffset(clock.GetUtcNow());

    /// <summary>What one gateway was and is to be told.</summary>
    private sealed class Addressee
    {
        private readonly SortedDictionary<long, long> _storedThrough = [];

        public Instant AckedAt { get; set; } = Instant.MinValue;

        /// <returns>True if there is something new to say.</returns>
        public bool Note(long epoch, SequenceSet stored)
        {
            if (_storedThrough.TryGetValue(epoch, out var through) && through >= stored.StoredThrough) return false;
            _storedThrough[epoch] = stored.StoredThrough;
            if (_storedThrough.Count > MaxEpochs) _storedThrough.Remove(_storedThrough.First().Key);
            return true;
        }

        // Retained, so each must say all that a gateway may still wait for; older counters than these are long lost.
        public AckMessage Ack() => new([.. _storedThrough.Select(e => new AckedEpoch(e.Key, e.Value))]);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "What gateways are owed could not be said, trying again: {Why}")]
        public static partial void Waiting(ILogger logger, string why);

        [LoggerMessage(2, LogLevel.Warning, "Gateway {Gateway} misses the messages {From} to {To} of epoch {Epoch}: they are asked for.")]
        public static partial void Noticed(ILogger logger, GatewayName gateway, long epoch, long from, long to);
    }
}
