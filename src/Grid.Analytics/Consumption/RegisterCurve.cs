using Grid.Domain;

namespace Grid.Analytics;

/// <summary>
/// One meter's registers over time (METHOD.md rules 1.1 to 1.4 and 1.7). Readings are in time order; breaks are the meter's swaps and restarts.
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

    /// <param name="calendar">Whose weekdays fill gaps; without it every gap is a straight line.</param>
    public RegisterCurve(IEnumerable<Reading> readings, IEnumerable<MeterEvent> breaks, LocalCalendar? calendar = null)
    {
        (_import, _export) = (new(calendar), new(calendar));
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
        var (importWh, quality) = _import.Between(from, to);
        return importWh is null ? SlotEnergy.Unknown : new(importWh, _export.Between(from, to).Wh, quality);
    }

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
