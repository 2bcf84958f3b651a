using Grid.Domain;

namespace Grid.Analytics;

/// <summary>
/// One meter's registers over time, as pieces within which they may be subtracted (METHOD.md rules 1.1 to 1.4).
/// Readings are in time order; breaks are the meter's swaps and restarts.
/// </summary>
public sealed class RegisterCurve
{
    /// <summary>METHOD.md rule 1.3.</summary>
    public static readonly Duration MaxMeasuredGap = Duration.FromMinutes(45);

    /// <summary>METHOD.md rule 1.3.</summary>
    public static readonly Duration MaxInterpolatedGap = Duration.FromDays(7);

    private readonly List<Piece> _pieces;

    public RegisterCurve(IEnumerable<Reading> readings, IEnumerable<MeterEvent> breaks) => _pieces = Split(readings, breaks);

    /// <summary>The energy of a span; unknown unless readings cover all of it.</summary>
    public SlotEnergy Between(Instant from, Instant to)
    {
        var covered = Duration.Zero;
        long importWh = 0;
        long? exportWh = 0;
        var quality = Quality.Measured;
        for (var i = FirstReaching(from); i < _pieces.Count && _pieces[i].Start < to; i++)
        {
            var piece = _pieces[i];
            var (start, end) = (Instant.Max(from, piece.Start), Instant.Min(to, piece.End));
            if (end <= start) continue;
            var length = piece.End - piece.Start;
            if (length > MaxInterpolatedGap) return SlotEnergy.Unknown;
            if (length > MaxMeasuredGap) quality = Quality.Interpolated;
            covered += end - start;
            importWh += piece.ImportAt(end) - piece.ImportAt(start);
            exportWh = piece.ExportAt(end) - piece.ExportAt(start) + exportWh;
        }

        return covered == to - from ? new(importWh, exportWh, quality) : SlotEnergy.Unknown;
    }

    private static List<Piece> Split(IEnumerable<Reading> readings, IEnumerable<MeterEvent> breaks)
    {
        List<Piece> pieces = [];
        Queue<MeterEvent> events = new(breaks.Where(e => e.BreaksRegister).OrderBy(e => e.At));
        Point? last = null;
        foreach (var reading in readings)
        {
            while (events.TryPeek(out var parting) && parting.At <= reading.At)
            {
                events.Dequeue();
                if (parting is { Kind: MeterEventKind.MeterSwap, ClosingWh: { } closing }) Join(pieces, last, new(parting.At, closing, null));
                last = parting.OpeningWh is { } opening ? new(parting.At, opening, null) : null;
            }

            var next = new Point(reading.At, reading.Registers.ImportWh, reading.Registers.ExportWh);
            Join(pieces, last, next);
            last = next;
        }

        return pieces;
    }

    private static void Join(List<Piece> pieces, Point? from, Point to)
    {
        if (from is { } start && start.At < to.At && start.ImportWh <= to.ImportWh) pieces.Add(new(start, to));
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

    private readonly record struct Point(Instant At, long ImportWh, long? ExportWh);

    private readonly record struct Piece(Point From, Point To)
    {
        public Instant Start => From.At;

        public Instant End => To.At;

        public long ImportAt(Instant at) => At(at, From.ImportWh, To.ImportWh);

        public long? ExportAt(Instant at) => From.ExportWh is { } start && To.ExportWh is { } end && start <= end ? At(at, start, end) : null;

        // METHOD.md rule 1.2: rounded down, so that both neighbours of a border see the same integer.
        private long At(Instant at, long from, long to)
        {
            if (at == From.At) return from;
            if (at == To.At) return to;
            var share = (Int128)(to - from) * (at - From.At).BclCompatibleTicks / (To.At - From.At).BclCompatibleTicks;
            return from + (long)share;
        }
    }
}
