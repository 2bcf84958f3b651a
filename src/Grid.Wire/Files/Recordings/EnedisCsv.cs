namespace Grid.Wire;

/// <summary>The load curve that Enedis customers download: mean watts of the interval that ends at the stamp.</summary>
public static class EnedisCsv
{
    // So many equal steps make a new length: two are what two samples leave that are missing one by one.
    private const int Enough = 4;

    private static readonly Duration[] Lengths = [.. new[] { 5, 10, 15, 30, 60 }.Select(m => Duration.FromMinutes(m))];

    /// <summary>True if the line, or one of the few after it, heads the values.</summary>
    internal static bool IsHeader(string first, TextReader rest)
    {
        var line = first;
        for (var i = 0; i < 4 && line is not null; i++, line = rest.ReadLine())
            if (line.StartsWith("Horodate;Valeur", StringComparison.Ordinal)) return true;
        return false;
    }

    /// <summary>As energy: fractions of a watt-hour are carried on, so that sums stay exact.</summary>
    internal static IEnumerable<IntervalEnergy> Read(string path, RecordingOptions options)
    {
        long carried = 0;
        foreach (var (household, start, end, watts) in ReadPower(path, options))
        {
            carried += watts * (long)(end - start).TotalMinutes;
            (var wh, carried) = Math.DivRem(carried, 60);
            yield return new(household, start, end, wh);
        }
    }

    /// <summary>As the file says it, in time order; intervals without a value are absent.</summary>
    /// <exception cref="FileFaultException">What is wrong, line and column.</exception>
    public static IEnumerable<IntervalPower> ReadPower(string path, RecordingOptions options)
    {
        using var rows = new CsvRows(path, ";");
        var household = RecordingFile.SoleHousehold(path, options, Header(path, rows));
        var lastStamp = (Instant?)null;
        var length = options.Interval ?? FirstLength(path);
        // Rows are held back: whether a longer step is a gap or a new interval length is told by the steps after it.
        List<(Instant At, long? Watts, long Line)> held = [];
        using var rest = Rows(rows).GetEnumerator();
        while (true)
        {
            while (held.Count < Enough && rest.MoveNext()) held.Add(rest.Current);
            if (held is not [var row, ..]) yield break;
            length = LengthOf(row.At - lastStamp, [.. held.Select(h => h.At)], length)
                ?? throw new FileFaultException(path, row.Line, "Horodate", "it stands closer to the stamp before than any load curve has: 5, 10, 15, 30 or 60 minutes.");
            held.RemoveAt(0);
            lastStamp = row.At;
            if (row.Watts is { } watts) yield return new(household, row.At - length, row.At, watts);
        }
    }

    /// <summary>A step in doubt is a gap, and the length stays: energy is never made up for it.</summary>
    /// <param name="stamps">The one that the step leads to, and those after it.</param>
    private static Duration? LengthOf(Duration? before, Instant[] stamps, Duration length)
    {
        if (before is { } step && Lengths.Contains(step) && (step <= length || IsNewLength(step, stamps, length))) return step;
        return before < length ? null : length;
    }

    /// <summary>At the file's end two steps do, unless they are the double that single missing samples leave.</summary>
    private static bool IsNewLength(Duration step, Instant[] stamps, Duration length)
    {
        var equal = 1 + stamps.Zip(stamps.Skip(1), (a, b) => b - a).TakeWhile(after => after == step).Count();
        return equal == stamps.Length && (equal == Enough || (equal > 1 && step > length * 2));
    }

    /// <summary>The smallest step of the first day's rows: a sample missing near the start must not double what the first one holds.</summary>
    private static Duration FirstLength(string path)
    {
        using var rows = new CsvRows(path, ";");
        Header(path, rows);
        var grid = new StampGrid(null);
        foreach (var row in Rows(rows).Take(48)) grid.Pass(row.At, what => rows.Fault("Horodate", what));
        return grid.Require(path);
    }

    private static IEnumerable<(Instant At, long? Watts, long Line)> Rows(CsvRows rows)
    {
        Instant? last = null;
        while (rows.Read())
        {
            if (rows.IsBlank) continue;
            var at = IntervalStamp.Read(rows, 0, "Horodate");
            if (at <= last) throw rows.Fault("Horodate", "it does not lie after the stamp before: sort the rows by time, and give each interval once.");
            last = at;
            yield return (at, IntervalStamp.Whole(rows, 1, "Valeur", "W"), rows.Line);
        }
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
