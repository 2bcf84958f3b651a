namespace Grid.Faults;

/// <summary>The table at the end: a line a row and pair.</summary>
internal static class Table
{
    public static void Print(IReadOnlyList<Row> rows, IReadOnlyList<Result> results, TextWriter output)
    {
        List<string[]> lines = [["row", "pair", "n", "passed", "failed", "seconds", "showed"]];
        foreach (var row in rows)
        foreach (var (pair, _) in row.On)
        {
            var ran = results.Where(r => r.Row == row.Id && r.Pair == pair).ToList();
            if (ran.Count > 0) lines.Add([row.Id, PairText(pair), .. Numbers(ran), Shown(ran)]);
        }

        var widths = Enumerable.Range(0, 6).Select(column => lines.Max(line => line[column].Length)).ToArray();
        output.WriteLine();
        foreach (var line in lines) output.WriteLine(string.Join("  ", line.Select((cell, column) => column < 6 ? cell.PadRight(widths[column]) : cell)));
    }

    public static string PairText(Pair pair) => pair is Pair.Embedded ? "embedded" : "mosquitto+influx";

    private static string[] Numbers(List<Result> ran)
    {
        var judged = ran.Where(r => r.Skipped is null).ToList();
        return
        [
            Text(judged.Sum(r => r.Faults)), Text(judged.Where(r => r.Held).Sum(r => r.Faults)), Text(judged.Where(r => !r.Held).Sum(r => r.Faults)), Text(ran.Sum(r => r.Seconds)),
        ];
    }

    private static string Shown(List<Result> ran)
    {
        var largest = ran.SelectMany(r => r.Largest).GroupBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} <= {Text(f.Max(v => v.Value))}");
        var sums = ran.SelectMany(r => r.Sums).GroupBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{Text(f.Sum(v => v.Value))} {f.Key}");
        var skipped = ran.Where(r => r.Skipped is not null).Select(r => $"skipped: {r.Skipped}").Distinct(StringComparer.Ordinal);
        return string.Join(", ", [.. sums, .. largest, .. skipped]);
    }

    private static string Text(double value) => value.ToString(value < 10 && value % 1 != 0 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
