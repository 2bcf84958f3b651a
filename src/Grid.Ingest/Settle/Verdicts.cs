using Grid.Domain;

namespace Grid.Ingest;

/// <summary>A reading with the message that brought it.</summary>
internal readonly record struct Offered(JournalEntry Entry, Reading Reading);

/// <summary>What becomes of one meter's offered readings.</summary>
/// <param name="Write">New readings, and stored ones with a register filled in; in time order.</param>
/// <param name="Touched">Spans within which slots may have changed: from the reading before to the reading after.</param>
internal sealed record MeterVerdict(
    List<Reading> Write, List<QuarantinedItem> Refused, int Duplicates, List<(Instant From, Instant To)> Touched, Reading? Latest);

/// <summary>
/// Holds one meter's readings against what the store has: duplicate, filled in, conflict, falling or rising beyond belief. One pass
/// over both in time order, with both neighbours in view. What comes first is kept.
/// </summary>
internal sealed class Verdicts
{
    /// <summary>Stamps are whole seconds on many meters, and registers whole watt-hours: this much time more is believed.</summary>
    private static readonly Duration Grace = Duration.FromMinutes(1);

    private readonly IReadOnlyList<Reading> _stored;
    private readonly IReadOnlyList<MeterEvent> _breaks;
    private readonly long _maxPowerW;
    private readonly List<Reading> _write;
    private readonly List<QuarantinedItem> _refused = [];
    private readonly List<(Instant, Instant)> _touched = new(1);
    private int _next; // first of the stored that is not passed yet
    private int _duplicates;
    private Reading? _earlier;
    private Reading? _before; // newest known reading at or before where we are
    private bool _beforeTouched;
    private Instant? _touchedFrom;

    private Verdicts(int offered, IReadOnlyList<Reading> stored, IReadOnlyList<MeterEvent> breaks, long maxPowerW) =>
        (_write, _stored, _breaks, _maxPowerW) = (new(offered), stored, breaks, maxPowerW);

    private Reading? After => _next < _stored.Count ? _stored[_next] : null;

    /// <param name="offered">In order of arrival.</param>
    /// <param name="stored">Everything that the store holds from the reading before the first to the reading after the last, in time order.</param>
    /// <param name="breaks">The meter's swaps and restarts.</param>
    /// <param name="maxPowerW">No more than this can flow through the meter.</param>
    public static MeterVerdict Of(IReadOnlyList<Offered> offered, IReadOnlyList<Reading> stored, IReadOnlyList<MeterEvent> breaks, long maxPowerW)
    {
        var verdicts = new Verdicts(offered.Count, stored, breaks, maxPowerW);
        var inOrder = InTimeOrder(offered);
        for (var i = 0; i < inOrder.Count; i++) verdicts.Judge(inOrder[i]);
        return verdicts.Close();
    }

    private static IReadOnlyList<Offered> InTimeOrder(IReadOnlyList<Offered> offered)
    {
        for (var i = 1; i < offered.Count; i++)
            if (offered[i].Reading.At < offered[i - 1].Reading.At) return [.. offered.OrderBy(o => o.Reading.At)]; // stable: of two with one key, the first to arrive is the first
        return offered;
    }

    private void Judge(Offered offered)
    {
        var reading = offered.Reading;
        Pass(reading.At);
        if (_before is { } held && held.At == reading.At) Compare(offered, held);
        else if (Refusal(reading) is var (reason, detail)) Refuse(offered, reason, detail);
        else
        {
            Step(reading);
            _write.Add(reading);
            Touch();
        }
    }

    private void Compare(Offered offered, Reading held)
    {
        switch (held.Registers.Match(offered.Reading.Registers))
        {
            case RegisterMatch.Conflict:
                Refuse(offered, Reason.Conflict, "another value is stored for this meter and instant");
                return;
            case RegisterMatch.FillsIn:
                _before = held with { Registers = held.Registers.FilledBy(offered.Reading.Registers) };
                if (_write is [.., var last] && last.At == held.At)
                {
                    _write[^1] = _before;
                    _duplicates++; // filled in before it was ever written: two came, one is stored
                }
                else _write.Add(_before);
                break;
            default:
                _duplicates++;
                break;
        }

        Touch(); // a duplicate too: it may be from a batch that was stored and not marked
    }

    private (Reason Reason, string Detail)? Refusal(Reading reading)
    {
        var (before, after) = (_before, After);
        if (Broken(before, reading)) before = null;
        if (Broken(reading, after)) after = null;
        if (before is not null && !before.Registers.RiseTo(reading.Registers)) return (Reason.FallingRegister, "below the reading before it");
        if (after is not null && !reading.Registers.RiseTo(after.Registers)) return (Reason.FallingRegister, "above the reading after it");
        if (before is not null && TooSteep(before, reading)) return (Reason.ImplausibleRise, "more than the meter's greatest power allows since the reading before it");
        if (after is not null && TooSteep(reading, after)) return (Reason.ImplausibleRise, "more than the meter's greatest power allows until the reading after it");
        return null;
    }

    /// <summary>True if a swap or a restart lies between: then the registers say nothing about each other.</summary>
    private bool Broken(Reading? before, Reading? after)
    {
        if (before is null || after is null) return false;
        foreach (var between in _breaks)
            if (before.At < between.At && between.At <= after.At) return true;
        return false;
    }

    private bool TooSteep(Reading before, Reading after)
    {
        var hours = (after.At - before.At + Grace).TotalHours;
        var (from, to) = (before.Registers, after.Registers);
        // A register at 0 is a new meter's, or a glitch where the first reading should be: it must not make all that follows unbelievable.
        return (from.ImportWh > 0 && to.ImportWh - from.ImportWh > _maxPowerW * hours)
            || (from.ExportWh is > 0 and var exported && to.ExportWh is { } later && later - exported > _maxPowerW * hours);
    }

    private void Refuse(Offered offered, Reason reason, string detail) =>
        _refused.Add(QuarantineForm.Reading(offered.Entry.Gateway, offered.Entry.ReceivedAt, offered.Reading, reason, detail));

    /// <summary>Passes what is stored up to an instant.</summary>
    private void Pass(Instant at)
    {
        while (After is { } stored && stored.At <= at)
        {
            _next++;
            Step(stored);
        }
    }

    private void Step(Reading known)
    {
        if (_touchedFrom is { } from && !_beforeTouched)
        {
            _touched.Add((from, _before!.At));
            _touchedFrom = null;
        }

        (_earlier, _before, _beforeTouched) = (_before, known, false);
    }

    /// <summary>The slots on both sides of where we are may have changed. Spans that meet are one.</summary>
    private void Touch()
    {
        _touchedFrom ??= (_earlier ?? _before!).At;
        _beforeTouched = true;
    }

    private MeterVerdict Close()
    {
        if (_touchedFrom is { } from) _touched.Add((from, (_beforeTouched && After is { } after ? after : _before!).At));
        return new(_write, _refused, _duplicates, _touched, _next < _stored.Count ? _stored[^1] : _before);
    }
}
