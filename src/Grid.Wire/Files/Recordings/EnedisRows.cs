namespace Grid.Wire;

/// <summary>A row of an Enedis download.</summary>
/// <param name="Length">Null where neither the row nor the head above it says it.</param>
internal sealed record EnedisRow(Instant At, long? Watts, Duration? Length, long Line);

/// <summary>The rows of an Enedis download: sorted, each once.</summary>
internal static class EnedisRows
{
    public static (string? Point, IReadOnlyList<EnedisRow> Rows) Read(string path)
    {
        using var rows = new CsvRows(path, ";");
        var head = EnedisHead.Read(path, rows);
        var line = rows.Line;
        List<EnedisRow> read = [];
        while (rows.Read())
        {
            if (rows.IsBlank) continue;
            var cells = rows.Cells();
            // Where the interval's length changes, a download may begin anew with another head.
            if (EnedisNames.AreFacts(cells) || EnedisNames.AreValues(cells))
            {
                head = EnedisHead.Read(path, rows, head);
                continue;
            }

            var said = head.With(rows);
            head = head with { Point = said.Point };
            read.Add(new(IntervalStamp.Read(rows, 0, EnedisNames.Stamp), IntervalStamp.Whole(rows, 1, EnedisNames.Value, "W"), said.Length, rows.Line));
        }

        return read.Count > 0
            ? (head.Point, Once(path, [.. read.OrderBy(row => row.At)]))
            : throw new FileFaultException(path, line, null, "no row stands below it: download a period in which the meter recorded its load curve.");
    }

    private static List<EnedisRow> Once(string path, List<EnedisRow> sorted)
    {
        List<EnedisRow> once = [];
        foreach (var row in sorted)
        {
            if (once is not [.., var before] || before.At != row.At) once.Add(row);
            else if (before != row with { Line = before.Line })
                throw new FileFaultException(path, row.Line, EnedisNames.Stamp, $"line {before.Line} has the same stamp and says otherwise: keep the line that is right.");
        }

        return once;
    }
}
