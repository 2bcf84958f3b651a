using Grid.Domain;

namespace Grid.Ingest;

/// <summary>A reading with what quarantine must know of its sender.</summary>
internal sealed record Offered(GatewayName Gateway, Instant ReceivedAt, Reading Reading);

/// <summary>What becomes of one meter's offered readings.</summary>
/// <param name="Write">New readings, and stored ones with a register filled in.</param>
/// <param name="Touched">Spans within which slots may have changed: from the reading before to the reading after.</param>
internal sealed record MeterVerdict(
    List<Reading> Write, List<QuarantinedItem> Refused, int Duplicates, List<(Instant From, Instant To)> Touched, Reading? Latest);

/// <summary>
/// Holds one meter's readings against what the store has: duplicate, filled in, conflict, or falling. Both neighbours in time
/// are in view, stored or accepted just before. What comes first is kept.
/// </summary>
internal static class Verdicts
{
    /// <param name="offered">In order of arrival.</param>
    /// <param name="stored">Everything that the store holds from the reading before the first to the reading after the last, in time order.</param>
    /// <param name="breaks">The meter's swaps and restarts.</param>
    public static MeterVerdict Of(IEnumerable<Offered> offered, IReadOnlyList<Reading> stored, IReadOnlyList<MeterEvent> breaks)
    {
        SortedList<Instant, Reading> known = new(stored.ToDictionary(r => r.At));
        HashSet<Instant> written = [];
        HashSet<Instant> seen = [];
        List<QuarantinedItem> refused = [];
        var duplicates = 0;
        foreach (var (gateway, receivedAt, reading) in offered.OrderBy(o => o.Reading.At)) // stable: of two with one key, the first to arrive is the first
        {
            if (known.TryGetValue(reading.At, out var held))
            {
                switch (held.Registers.Match(reading.Registers))
                {
                    case RegisterMatch.Conflict:
                        refused.Add(QuarantineForm.Reading(gateway, receivedAt, reading, Reason.Conflict, "another value is stored for this meter and instant"));
                        continue;
                    case RegisterMatch.FillsIn:
                        known[reading.At] = held with { Registers = held.Registers.FilledBy(reading.Registers) };
                        if (!written.Add(reading.At)) duplicates++; // filled in before it was ever written: two came, one is stored
                        break;
                    default:
                        duplicates++;
                        break;
                }

                seen.Add(reading.At); // a duplicate too: it may be from a batch that was stored and not marked
                continue;
            }

            var position = PositionOf(known, reading.At);
            var before = position > 0 ? known.GetValueAtIndex(position - 1) : null;
            var after = position < known.Count ? known.GetValueAtIndex(position) : null;
            if (Falls(before, reading, breaks) || Falls(reading, after, breaks))
            {
                var where = Falls(before, reading, breaks) ? "below the reading before it" : "above the reading after it";
                refused.Add(QuarantineForm.Reading(gateway, receivedAt, reading, Reason.FallingRegister, where));
                continue;
            }

            known.Add(reading.At, reading);
            written.Add(reading.At);
            seen.Add(reading.At);
        }

        // Once all are in: the spans between neighbours add up to what was between the old ones, and hardly overlap.
        List<(Instant, Instant)> touched = [.. seen.Order().Select(at => Around(known, at))];

        return new([.. written.Order().Select(at => known[at])], refused, duplicates, touched, known.Count > 0 ? known.GetValueAtIndex(known.Count - 1) : null);
    }

    private static bool Falls(Reading? before, Reading? after, IReadOnlyList<MeterEvent> breaks) =>
        before is not null && after is not null && !before.Registers.RiseTo(after.Registers)
        && !breaks.Any(e => before.At < e.At && e.At <= after.At);

    private static (Instant From, Instant To) Around(SortedList<Instant, Reading> known, Instant at)
    {
        var index = known.IndexOfKey(at);
        return (known.GetKeyAtIndex(Math.Max(index - 1, 0)), known.GetKeyAtIndex(Math.Min(index + 1, known.Count - 1)));
    }

    private static int PositionOf(SortedList<Instant, Reading> known, Instant at)
    {
        var (low, high) = (0, known.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (known.GetKeyAtIndex(middle) < at) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
