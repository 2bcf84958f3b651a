using Grid.Domain;

namespace Grid.Ingest;

/// <summary>
/// Finds gateways whose clock differs from ours. A stamp ahead of its arrival says so at once. A clock that is behind looks like a late
/// message: only live reporting gives it away, where stamps and arrivals advance alike and the distance stays.
/// </summary>
internal sealed class ClockWatch
{
    private const int Arrivals = 8; // of a gateway, before it is judged again

    /// <summary>Less is the network's, and ours.</summary>
    private static readonly Duration Tolerance = Duration.FromSeconds(2);

    private readonly Dictionary<GatewayName, Seen> _seen = [];

    /// <summary>Goes on with what an earlier process reported.</summary>
    public void Resume(IEnumerable<ClockSkew> reported)
    {
        foreach (var skew in reported)
            if (Of(skew.Gateway) is { Reported: null } seen) seen.Said(skew);
    }

    /// <returns>What has changed: a clock that differs, differs otherwise, or is right again.</returns>
    public IReadOnlyList<ClockSkew> Note(IEnumerable<JournalEntry> entries)
    {
        List<ClockSkew> news = [];
        foreach (var entry in entries)
        {
            if (NewestStamp(entry) is not { } stamp) continue;
            var seen = Of(entry.Gateway);
            if (!seen.IsNew(entry.ReceivedAt)) continue; // replayed from the quarantine: it tells of what the clock was
            if (seen.Judge(stamp, entry.ReceivedAt) is { } ahead && Changed(seen, entry, ahead) is { } skew) news.Add(seen.Said(skew));
        }

        return news;
    }

    private Seen Of(GatewayName gateway) => _seen.TryGetValue(gateway, out var known) ? known : _seen[gateway] = new();

    private static Instant? NewestStamp(JournalEntry entry)
    {
        Instant? newest = null;
        foreach (var reading in entry.Readings)
            if (newest is null || reading.At > newest) newest = reading.At;
        foreach (var item in entry.Refused) // refused for its stamp, it still tells of the clock
            if (item is { Reason: Reason.FromTheFuture, At: { } at } && (newest is null || at > newest)) newest = at;
        return newest;
    }

    private static ClockSkew? Changed(Seen seen, JournalEntry entry, Duration ahead)
    {
        var differs = ahead > Tolerance || ahead < -Tolerance;
        var milliseconds = (long)ahead.TotalMilliseconds;
        return (seen.Reported, differs) switch
        {
            ({ EndedAt: null } held, true) when Math.Abs(held.AheadMs - milliseconds) <= Math.Max(Tolerance.TotalMilliseconds, Math.Abs(held.AheadMs) / 10.0) => null,
            ({ EndedAt: null } held, true) => held with { AheadMs = milliseconds },
            (_, true) => new(entry.Gateway, milliseconds, entry.ReceivedAt),
            ({ EndedAt: null } held, false) => held with { EndedAt = entry.ReceivedAt },
            _ => null,
        };
    }

    private sealed class Seen
    {
        private int _count;
        private Instant _newest = Instant.MinValue;
        private (Instant Stamp, Instant Arrival) _first;
        private Duration _least; // from stamp to arrival
        private Duration _most;

        public ClockSkew? Reported { get; private set; }

        public bool IsNew(Instant arrival)
        {
            if (arrival < _newest) return false;
            _newest = arrival;
            return true;
        }

        public ClockSkew Said(ClockSkew skew)
        {
            Reported = skew;
            return skew;
        }

        /// <returns>How far the clock is ahead, once enough has come to say so.</returns>
        public Duration? Judge(Instant stamp, Instant arrival)
        {
            var lag = arrival - stamp;
            if (lag < -Tolerance)
            {
                _count = 0;
                return -lag;
            }

            if (_count++ == 0) (_first, _least, _most) = ((stamp, arrival), lag, lag);
            (_least, _most) = (Duration.Min(_least, lag), Duration.Max(_most, lag));
            if (_count < Arrivals) return null;
            _count = 0;
            var (advanced, passed) = (stamp - _first.Stamp, arrival - _first.Arrival);
            // Live: stamps have advanced as time has passed, to within a tenth. A back-fill races through them, a resend goes back.
            var isLive = passed > Duration.Zero && advanced > passed * 0.9 && advanced < passed * 1.1;
            // The newest of a message is up to one interval old when it is sent at once; what varies beyond is the network's.
            return isLive && _least > Tolerance + (passed / (Arrivals - 1)) && _most - _least < _least ? -_least
                : isLive && _least <= Tolerance + (passed / (Arrivals - 1)) ? Duration.Zero
                : null;
        }
    }
}
