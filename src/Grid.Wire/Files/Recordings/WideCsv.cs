using Grid.Domain;

namespace Grid.Wire;

/// <summary><c>interval_end,&lt;household&gt;,…</c>, whole watt-hours, an empty cell for no reading. Read twice: once for the interval's length.</summary>
internal static class WideCsv
{
    public static IEnumerable<IntervalEnergy> Read(string path, RecordingOptions options)
    {
        var length = Interval(path, options);
        using var rows = new CsvRows(path);
        var (stampName, households) = Header(path, rows);
        var stampsEnd = string.Equals(stampName, IntervalStamp.EndName, StringComparison.Ordinal);
        while (rows.Read())
        {
            if (rows.IsBlank) continue;
            if (rows.Count != households.Length + 1)
                throw rows.Fault(null, FormattableString.Invariant($"{rows.Count} cells where the header has {households.Length + 1}: write one cell a column, empty where there is no reading."));
            var stamp = IntervalStamp.Read(rows, 0, stampName);
            var (start, end) = stampsEnd ? (stamp - length, stamp) : (stamp, stamp + length);
            for (var i = 0; i < households.Length; i++)
                if (IntervalStamp.Whole(rows, i + 1, households[i], "Wh") is { } wh)
                    yield return new(households[i], start, end, wh);
        }
    }

    private static Duration Interval(string path, RecordingOptions options)
    {
        using var rows = new CsvRows(path);
        var (stampName, _) = Header(path, rows);
        var grid = new StampGrid(options.Interval);
        while (rows.Read())
            if (!rows.IsBlank)
                grid.Pass(IntervalStamp.Read(rows, 0, stampName), what => rows.Fault(stampName, what));
        return grid.Require(path);
    }

    private static (string StampName, string[] Households) Header(string path, CsvRows rows)
    {
        if (!rows.Read() || !IntervalStamp.IsName(rows[0]))
            throw new FileFaultException(path, 1, null, $"the first column is '{rows[0]}': a wide file's is {IntervalStamp.EndName} or {IntervalStamp.StartName}.");
        var names = rows.Cells();
        if (names.Length < 2) throw rows.Fault(null, "no household: a wide file has one column for each, after the stamp.");
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var name in names[1..])
        {
            if (!Identifier.IsValid(name)) throw rows.Fault(name, $"'{name}' cannot name a household: 1 to {Identifier.MaxLength} of letters, digits, '_' and '-' can.");
            if (!seen.Add(name)) throw rows.Fault(name, "the household stands twice in the header: give each one column.");
        }

        return (names[0], names[1..]);
    }
}
