namespace Grid.Wire;

/// <summary>
/// The load curve that Enedis customers download: mean watts of the interval that ends at the stamp. Fractions of a
/// watt-hour are carried on, so that sums stay exact.
/// </summary>
internal static class EnedisCsv
{
    private static readonly Duration[] Lengths = [.. new[] { 5, 10, 15, 30, 60 }.Select(m => Duration.FromMinutes(m))];

    /// <summary>True if the line, or one of the few after it, heads the values.</summary>
    public static bool IsHeader(string first, TextReader rest)
    {
        var line = first;
        for (var i = 0; i < 4 && line is not null; i++, line = rest.ReadLine())
            if (line.StartsWith("Horodate;Valeur", StringComparison.Ordinal)) return true;
        return false;
    }

    public static IEnumerable<IntervalEnergy> Read(string path, RecordingOptions options)
    {
        using var rows = new CsvRows(path, ";");
        var household = RecordingFile.SoleHousehold(path, options, Header(path, rows));
        var lastStamp = (Instant?)null;
        var length = options.Interval ?? FirstLength(path);
        long carried = 0;
        // One row is held back: whether a longer step is a gap or a new interval length is told by the step after it.
        var next = Next(rows);
        while (next is { } row)
        {
            next = Next(rows);
            var after = next is { } n ? n.At - row.At : (Duration?)null;
            if (after <= Duration.Zero) throw rows.Fault("Horodate", "it does not lie after the stamp before: sort the rows by time, and give each interval once.");
            length = LengthOf(row.At - lastStamp, after, length)
                ?? throw new FileFaultException(path, row.Line, "Horodate", "it stands closer to the stamp before than any load curve has: 5, 10, 15, 30 or 60 minutes.");
            lastStamp = row.At;
            if (row.Watts is not { } watts) continue;
            carried += watts * (long)length.TotalMinutes;
            (var wh, carried) = Math.DivRem(carried, 60);
            yield return new(household, row.At - length, row.At, wh);
        }
    }

    /// <summary>A step in doubt is a gap, and the length stays: energy is never made up for it.</summary>
    private static Duration? LengthOf(Duration? before, Duration? after, Duration? length)
    {
        if (before is { } step && Lengths.Contains(step) && (step < length || step == after)) return step;
        return before < length ? null : length;
    }

    /// <summary>The smallest step of the first day's rows: a sample missing near the start must not double what the first one holds.</summary>
    private static Duration FirstLength(string path)
    {
        using var rows = new CsvRows(path, ";");
        Header(path, rows);
        var grid = new StampGrid(null);
        for (var i = 0; i < 48 && Next(rows) is { } row; i++) grid.Pass(row.At, what => rows.Fault("Horodate", what));
        return grid.Require(path);
    }

    private static (Instant At, long? Watts, long Line)? Next(CsvRows rows)
    {
        while (rows.Read())
            if (!rows.IsBlank)
                return (IntervalStamp.Read(rows, 0, "Horodate"), IntervalStamp.Whole(rows, 1, "Valeur", "W"), rows.Line);
        return null;
    }

    /// <summary>Reads up to the head of the values. Answers the point of delivery, where the file names it.</summary>
    private static string? Header(string path, CsvRows rows)
    {
        string[] names = [];
        string? household = null;
        for (var i = 0; i < 4 && rows.Read(); i++)
        {
            var cells = rows.Cells();
            if (cells is ["Horodate", "Valeur", ..]) return household;
            if (names.Length == 0)
            {
                names = cells;
                continue;
            }

            var unit = Array.FindIndex(names, n => n.StartsWith("Unit", StringComparison.OrdinalIgnoreCase));
            if (unit >= 0 && unit < cells.Length && cells[unit] is not "W")
                throw rows.Fault(names[unit], $"the values are in '{cells[unit]}': download the load curve (courbe de charge), which is in W.");
            if (names[0].Contains("PRM", StringComparison.OrdinalIgnoreCase)) household = cells[0];
        }

        throw new FileFaultException(path, 1, null, "an Enedis download has two header lines and then Horodate;Valeur.");
    }
}
