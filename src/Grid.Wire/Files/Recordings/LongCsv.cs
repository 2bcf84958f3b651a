using Grid.Domain;

namespace Grid.Wire;

/// <summary><c>household,interval_end,wh</c>, one row an interval, in time order per household. Read twice: once for the intervals' lengths.</summary>
internal static class LongCsv
{
    public static IEnumerable<IntervalEnergy> Read(string path, RecordingOptions options)
    {
        var lengths = Intervals(path, options);
        using var rows = new CsvRows(path);
        var (stampName, stampsEnd) = Header(path, rows);
        while (rows.Read())
        {
            if (rows.IsBlank || IntervalStamp.Whole(rows, 2, "wh", "Wh") is not { } wh) continue;
            var (household, stamp) = (rows[0], IntervalStamp.Read(rows, 1, stampName));
            var length = lengths[household];
            yield return stampsEnd ? new(household, stamp - length, stamp, wh) : new(household, stamp, stamp + length, wh);
        }
    }

    private static Dictionary<string, Duration> Intervals(string path, RecordingOptions options)
    {
        using var rows = new CsvRows(path);
        var (stampName, _) = Header(path, rows);
        Dictionary<string, StampGrid> grids = new(StringComparer.Ordinal);
        while (rows.Read())
        {
            if (rows.IsBlank) continue;
            if (rows.Count != 3) throw rows.Fault(null, FormattableString.Invariant($"{rows.Count} cells: a row is household, {stampName}, wh."));
            var household = rows[0];
            if (!Identifier.IsValid(household))
                throw rows.Fault("household", $"'{household}' cannot name a household: 1 to {Identifier.MaxLength} of letters, digits, '_' and '-' can.");
            if (!grids.TryGetValue(household, out var grid)) grids.Add(household, grid = new(options.Interval));
            grid.Pass(IntervalStamp.Read(rows, 1, stampName), what => rows.Fault(stampName, what));
        }

        // A household of one row takes the length of the others.
        var usual = grids.Values.Select(g => g.Interval).FirstOrDefault(i => i is not null);
        return grids.ToDictionary(g => g.Key, g => g.Value.Interval ?? usual ?? g.Value.Require(path), StringComparer.Ordinal);
    }

    private static (string StampName, bool StampsEnd) Header(string path, CsvRows rows)
    {
        if (rows.Read() && rows.Cells() is ["household", "at" or IntervalStamp.EndName or IntervalStamp.StartName, "wh"])
            return (rows[1], rows[1] is not IntervalStamp.StartName);
        throw new FileFaultException(path, 1, null, "a long file's header is household,interval_end,wh (or interval_start, or at, which is the interval's end).");
    }
}
