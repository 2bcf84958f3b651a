using Grid.Domain;

namespace Grid.Ingest;

/// <summary>
/// Tells holes that are only reordering from numbers that are missing: a hole becomes a gap when what came a reorder window later
/// is settled and it is still there. Then its numbers are asked for, again and again with growing pauses, until it has ended.
/// </summary>
internal sealed class GapWatch(Duration window)
{
    /// <summary>Of one epoch, the lowest holes: who skips more than these is asked for them first.</summary>
    private const int MaxHoles = 64;

    /// <summary>Of one gateway, the newest: the ledger keeps no more, and a gateway that makes epochs up must not fill the memory.</summary>
    private const int MaxEpochs = 64;

    private static readonly Duration FirstPause = Duration.FromMinutes(1);
    private static readonly Duration LongestPause = Duration.FromHours(1);

    private readonly Dictionary<GatewayEpoch, Holes> _holes = [];

    /// <summary>Gaps that are open.</summary>
    public int Open { get; private set; }

    /// <summary>Goes on with gaps that an earlier process noticed.</summary>
    public void Resume(IEnumerable<Gap> open)
    {
        foreach (var gap in open) Of(new(gap.Gateway, gap.Epoch)).Gaps.Add(new(gap, gap.NoticedAt, FirstPause));
        Count();
    }

    /// <param name="at">Everything received up to here is settled.</param>
    /// <param name="lost">Numbers that the gateway has just declared lost.</param>
    /// <returns>Gaps that have ended.</returns>
    public IReadOnlyList<Gap> Note(GatewayEpoch epoch, SequenceSet stored, Instant at, IReadOnlyList<SequenceRange> lost)
    {
        var isNew = !_holes.ContainsKey(epoch);
        if (stored.Ranges is [{ From: 1 }] && isNew) return [];
        var held = Of(epoch);
        List<Gap> ended = isNew ? ForgetOldest(epoch.Gateway, at) : [];
        List<(SequenceRange Range, Instant Since)> holes = [];
        foreach (var hole in stored.Holes.Take(MaxHoles))
            holes.Add((hole, held.Ranges.Where(h => Overlap(h.Range, hole)).Select(h => h.Since).DefaultIfEmpty(at).Min()));
        held.Ranges = holes;

        foreach (var open in held.Gaps.ToList())
        {
            open.IsLost |= lost.Any(l => Overlap(l, open.Gap.Missing));
            if (holes.Any(h => Overlap(h.Range, open.Gap.Missing))) continue;
            held.Gaps.Remove(open);
            ended.Add(open.Gap with { End = open.IsLost ? GapEnd.Lost : GapEnd.Filled, EndedAt = at });
        }

        if (holes.Count == 0 && held.Gaps.Count == 0) _holes.Remove(epoch);
        Count();
        return ended;
    }

    /// <param name="at">Everything received up to here is settled.</param>
    /// <returns>Gateways of which <see cref="Due"/> would say something.</returns>
    public IReadOnlyCollection<GatewayName> Ripe(Instant at) =>
        [.. _holes.Where(h => h.Value.Gaps.Any(g => g.AskAt <= at) || h.Value.Ranges.Any(r => r.Since + window <= at && !h.Value.IsNoticed(r.Range))).Select(h => h.Key.Gateway).Distinct()];

    /// <param name="at">Everything received up to here is settled.</param>
    /// <returns>Gaps noticed by now, and which numbers to ask for.</returns>
    public (IReadOnlyList<Gap> Noticed, IReadOnlyList<(GatewayEpoch Epoch, SequenceRange Numbers)> Ask) Due(Instant at)
    {
        List<Gap> noticed = [];
        List<(GatewayEpoch, SequenceRange)> ask = [];
        foreach (var (epoch, held) in _holes)
        {
            foreach (var (range, since) in held.Ranges)
            {
                if (since + window > at || held.IsNoticed(range)) continue;
                Gap gap = new(epoch.Gateway, epoch.Epoch, range, at);
                noticed.Add(gap);
                held.Gaps.Add(new(gap, at, FirstPause));
            }

            foreach (var gap in held.Gaps.Where(g => g.AskAt <= at))
            {
                ask.AddRange(held.Ranges.Where(h => Overlap(h.Range, gap.Gap.Missing)).Select(h => (epoch, h.Range)));
                (gap.AskAt, gap.Pause) = (at + gap.Pause, Duration.Min(gap.Pause * 2, LongestPause));
            }
        }

        Count();
        return (noticed, ask);
    }

    private List<Gap> ForgetOldest(GatewayName gateway, Instant at)
    {
        List<Gap> ended = [];
        foreach (var oldest in _holes.Keys.Where(k => k.Gateway == gateway).OrderByDescending(k => k.Epoch).Skip(MaxEpochs).ToList())
            if (_holes.Remove(oldest, out var held)) ended.AddRange(held.Gaps.Select(g => g.Gap with { End = GapEnd.Lost, EndedAt = at }));
        return ended;
    }

    private static bool Overlap(SequenceRange a, SequenceRange b) => a.From <= b.To && b.From <= a.To;

    private Holes Of(GatewayEpoch epoch) => _holes.TryGetValue(epoch, out var held) ? held : _holes[epoch] = new();

    private void Count() => Open = _holes.Values.Sum(h => h.Gaps.Count);

    private sealed class Holes
    {
        public List<(SequenceRange Range, Instant Since)> Ranges { get; set; } = [];

        public List<OpenGap> Gaps { get; } = [];

        public bool IsNoticed(SequenceRange range) => Gaps.Any(g => Overlap(g.Gap.Missing, range));
    }

    private sealed class OpenGap(Gap gap, Instant askAt, Duration pause)
    {
        public Gap Gap => gap;

        public Instant AskAt { get; set; } = askAt;

        public Duration Pause { get; set; } = pause;

        public bool IsLost { get; set; }
    }
}
