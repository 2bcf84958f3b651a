using System.Numerics;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>
/// One cumulative register over time, as pieces within which it may be subtracted (METHOD.md rules 1.1 to 1.4 and 1.7). Points are added in order of time.
/// </summary>
/// <param name="isCorrected">Of such a half-hour the points are not believed: it lends no gap its shape.</param>
internal sealed class RegisterLine(LocalCalendar? calendar, Func<Slot, bool> isCorrected)
{
    private readonly List<Piece> _pieces = [];
    private readonly Dictionary<int, GapShape?> _shapes = [];
    private (Instant At, long Wh)? _last;

    public void Add(Instant at, long wh)
    {
        if (_last is { } last && last.At < at && last.Wh <= wh) _pieces.Add(new(last.At, at, last.Wh, wh));
        _last = (at, wh);
    }

    /// <summary>What comes is not to be subtracted from what was.</summary>
    public void Part() => _last = null;

    /// <summary>The energy of a span; null and unknown unless points cover all of it.</summary>
    public (long? Wh, Quality Quality) Between(Instant from, Instant to)
    {
        var covered = Duration.Zero;
        long wh = 0;
        var quality = Quality.Measured;
        for (var i = FirstReaching(from); i < _pieces.Count && _pieces[i].Start < to; i++)
        {
            var piece = _pieces[i];
            if (piece.Length > RegisterCurve.MaxFilledGap) return (null, Quality.Unknown);
            var shape = piece.Length > RegisterCurve.MaxInterpolatedGap ? ShapeOf(i) : null;
            var (start, end) = (Instant.Max(from, piece.Start), Instant.Min(to, piece.End));
            if (shape is not null) quality = Quality.SimilarDay;
            else if (piece.Length > RegisterCurve.MaxMeasuredGap && quality is Quality.Measured) quality = Quality.Interpolated;
            covered += end - start;
            wh += piece.At(end, shape) - piece.At(start, shape);
        }

        return covered == to - from ? (wh, quality) : (null, Quality.Unknown);
    }

    /// <summary>The gaps that a span touches and that similar days may fill.</summary>
    public IEnumerable<Slot> GapsToFill(Instant from, Instant to)
    {
        for (var i = FirstReaching(from); i < _pieces.Count && _pieces[i].Start < to; i++)
            if (_pieces[i] is var piece && piece.Length > RegisterCurve.MaxInterpolatedGap && piece.Length <= RegisterCurve.MaxFilledGap) yield return new(piece.Start, piece.End);
    }

    private GapShape? ShapeOf(int index)
    {
        if (calendar is null) return null;
        if (!_shapes.TryGetValue(index, out var shape)) _shapes[index] = shape = GapShape.Of(new(_pieces[index].Start, _pieces[index].End), calendar, Measured);
        return shape;
    }

    /// <summary>Null unless every reading that the slot touches stands close to the next.</summary>
    private long? Measured(Slot slot)
    {
        if (isCorrected(slot)) return null;
        for (var i = FirstReaching(slot.Start); i < _pieces.Count && _pieces[i].Start < slot.End; i++)
            if (_pieces[i].Length > RegisterCurve.MaxMeasuredGap) return null;
        return Between(slot.Start, slot.End).Wh;
    }

    private int FirstReaching(Instant from)
    {
        int low = 0, high = _pieces.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_pieces[middle].End <= from) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private readonly record struct Piece(Instant Start, Instant End, long StartWh, long EndWh)
    {
        public Duration Length => End - Start;

        // METHOD.md rule 1.2: rounded down, so that both neighbours of a border see the same integer.
        public long At(Instant at, GapShape? shape)
        {
            if (at == Start) return StartWh;
            if (at == End) return EndWh;
            var (part, whole) = shape?.ShareOf(at) ?? ((at - Start).BclCompatibleTicks, Length.BclCompatibleTicks);
            return StartWh + (long)((BigInteger)(EndWh - StartWh) * part / whole);
        }
    }
}
