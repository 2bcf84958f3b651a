using Grid.Domain;

namespace Grid.Analytics;

/// <summary>
/// One meter's registers over time (METHOD.md rules 1.1 to 1.4, 1.7 and 1.16). Readings are in time order; breaks are the meter's swaps and restarts.
/// </summary>
public sealed class RegisterCurve
{
    /// <summary>METHOD.md rule 1.3.</summary>
    public static readonly Duration MaxMeasuredGap = Duration.FromMinutes(45);

    /// <summary>METHOD.md rule 1.3.</summary>
    public static readonly Duration MaxInterpolatedGap = Duration.FromHours(2);

    /// <summary>METHOD.md rule 1.3.</summary>
    public static readonly Duration MaxFilledGap = Duration.FromDays(7);

    private static readonly Duration Reach = Duration.FromDays(GapShape.ReachDays + 1); // and a day for the clocks that change

    // Apart, since not every reading tells the export.
    private readonly RegisterLine _import;
    private readonly RegisterLine _export;
    private readonly IReadOnlyList<CorrectedSpan> _corrections;

    /// <param name="calendar">Whose weekdays fill gaps; without it every gap is a straight line.</param>
    /// <param name="corrections">In force, in time order, none over another.</param>
    public RegisterCurve(IEnumerable<Reading> readings, IEnumerable<MeterEvent> breaks, LocalCalendar? calendar = null, IReadOnlyList<CorrectedSpan>? corrections = null)
    {
        _corrections = corrections ?? [];
        (_import, _export) = (new(calendar, IsCorrected), new(calendar, IsCorrected));
        Queue<MeterEvent> events = new(breaks.Where(e => e.BreaksRegister).OrderBy(e => e.At));
        foreach (var reading in readings)
        {
            while (events.TryPeek(out var parting) && parting.At <= reading.At) PartAt(events.Dequeue());
            _import.Add(reading.At, reading.Registers.ImportWh);
            if (reading.Registers.ExportWh is not { } exportWh) continue;
            _export.Add(reading.At, exportWh);
            TellsExport = true;
        }
    }

    /// <summary>False where no reading has an export register: nothing flows out that anybody measures.</summary>
    public bool TellsExport { get; }

    /// <summary>The energy of a span of any length; unknown unless readings cover all of it. The quality is the import's.</summary>
    public SlotEnergy Between(Instant from, Instant to)
    {
        var energy = SlotEnergy.None;
        foreach (var correction in _corrections)
        {
            if (!correction.Span.Overlaps(new(from, to))) continue;
            var (start, end) = (Instant.Max(from, correction.Span.Start), Instant.Min(to, correction.Span.End));
            energy = energy + Read(from, start) + Said(correction, start, end);
            from = end;
        }

        return energy + Read(from, to);
    }

    private SlotEnergy Read(Instant from, Instant to)
    {
        if (from == to) return SlotEnergy.None;
        var (importWh, quality) = _import.Between(from, to);
        return importWh is null ? SlotEnergy.Unknown : new(importWh, _export.Between(from, to).Wh, quality);
    }

    // Spread evenly; as rule 1.2 has it, the parts add up.
    private static SlotEnergy Said(CorrectedSpan correction, Instant from, Instant to)
    {
        var (span, length) = (correction.Span, correction.Span.Length.BclCompatibleTicks);
        return correction.ImportWh is { } importWh ? new(Part(importWh), correction.ExportWh is { } exportWh ? Part(exportWh) : null, Quality.Manual) : SlotEnergy.Rejected;

        long Part(long wh) => Through(wh, to) - Through(wh, from);

        long Through(long wh, Instant at) => (long)((Int128)wh * (at - span.Start).BclCompatibleTicks / length);
    }

    private bool IsCorrected(Slot slot) => _corrections.Any(c => c.Span.Overlaps(slot));

    /// <summary>The span whose readings decide what is known of another: wider where similar days fill a gap.</summary>
    public Slot ReadingsFor(Slot span)
    {
        foreach (var gap in _import.GapsToFill(span.Start, span.End).Concat(_export.GapsToFill(span.Start, span.End)))
            span = new(Instant.Min(span.Start, gap.Start - Reach), Instant.Max(span.End, gap.End + Reach));
        return span;
    }

    private void PartAt(MeterEvent parting)
    {
        // A restart's closing register says where it stood, not what passed until then.
        if (parting is { Kind: MeterEventKind.MeterSwap, ClosingWh: { } closing }) _import.Add(parting.At, closing);
        _import.Part();
        _export.Part();
        if (parting.OpeningWh is { } opening) _import.Add(parting.At, opening);
    }
}
