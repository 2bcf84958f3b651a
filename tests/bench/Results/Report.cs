using System.Text;
using System.Text.Json;

namespace Grid.Benchmarks;

/// <summary>Collects the figures of all runs; tells medians with their range, the goals, and what went wrong.</summary>
internal sealed class Report(TextWriter output, TextWriter progress)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<Table> _tables = [];
    private readonly List<Goal> _goals = [];
    private readonly List<string> _losses = [];

    public bool AllGoalsMet => _goals.TrueForAll(g => g.IsMet);

    public bool HasLosses => _losses.Count > 0;

    public Table Table(string title)
    {
        var table = new Table(title);
        _tables.Add(table);
        return table;
    }

    /// <summary>Something to reach: a figure that is not there is not reached.</summary>
    public void Goal(string what, double figure, double bound, bool atLeast) =>
        _goals.Add(new(what, figure, bound, double.IsFinite(figure) && (atLeast ? figure >= bound : figure <= bound)));

    /// <summary>Readings that Grid, or the broker before it, acknowledged and that are not in the store: a failure of the run.</summary>
    public void Loss(string what) => _losses.Add(what);

    public void Progress(string what) => progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Stopwatch.GetElapsedTime(_start).TotalSeconds,5:0} s] {what}"));

    public void Print()
    {
        foreach (var table in _tables) output.Write(table.ToText());
        output.WriteLine();
        foreach (var goal in _goals)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(goal.IsMet ? "met    " : "not met")}  {goal.What}: {Figures.Text(goal.Figure)} (goal {Figures.Text(goal.Bound)})"));
        foreach (var loss in _losses) output.WriteLine($"LOST     {loss}");
    }

    public async Task SaveAsync(string file, DateTimeOffset at, string command, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, new
        {
            at,
            command,
            cores = Environment.ProcessorCount,
            tables = _tables.Select(t => new { t.Title, rows = t.Rows.ToDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal) }),
            goals = _goals.Select(g => new { g.What, figure = double.IsFinite(g.Figure) ? g.Figure : (double?)null, g.Bound, g.IsMet }),
            losses = _losses,
        }, Indented, ct);
    }
}

internal sealed record Goal(string What, double Figure, double Bound, bool IsMet);

/// <summary>Rows and columns in the order in which they first came; a cell holds one figure a run.</summary>
internal sealed class Table(string title)
{
    public string Title { get; } = title;

    public List<KeyValuePair<string, Dictionary<string, List<double>>>> Rows { get; } = [];

    public void Add(string row, string column, double figure)
    {
        if (double.IsNaN(figure)) return;
        if (Rows.Find(r => string.Equals(r.Key, row, StringComparison.Ordinal)) is not { Value: { } cells })
            Rows.Add(new(row, cells = new(StringComparer.Ordinal)));
        if (!cells.TryGetValue(column, out var figures)) cells[column] = figures = [];
        figures.Add(figure);
    }

    /// <returns>NaN where nothing was measured.</returns>
    public double Median(string row, string column) => Figures.Median(Cell(row, column));

    public double Max(string row, string column) => Cell(row, column).DefaultIfEmpty(double.NaN).Max();

    public string ToText()
    {
        var columns = Rows.SelectMany(r => r.Value.Keys).Distinct(StringComparer.Ordinal).ToList();
        string[][] lines = [["", .. columns], .. Rows.Select(r => (string[])[r.Key, .. columns.Select(c => Figures.Text(Cell(r.Key, c)))])];
        var widths = Enumerable.Range(0, columns.Count + 1).Select(c => lines.Max(l => l[c].Length)).ToList();
        var text = new StringBuilder().AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{Title}; {Runs()}");
        foreach (var line in lines)
            text.AppendLine(string.Join("  ", line.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
        return text.ToString();
    }

    /// <summary>As many as were measured: a run may have been cut short.</summary>
    private string Runs()
    {
        var counts = Rows.Select(r => r.Value.Values.Max(f => f.Count)).DefaultIfEmpty(0).ToList();
        return (counts.Min(), counts.Max()) switch
        {
            (_, <= 1) => "one run",
            var (least, most) when least == most => $"{most} runs: median [min-max]",
            var (least, most) => $"{least} to {most} runs: median [min-max]",
        };
    }

    private List<double> Cell(string row, string column) =>
        Rows.Find(r => string.Equals(r.Key, row, StringComparison.Ordinal)).Value?.GetValueOrDefault(column) ?? [];
}

internal static class Figures
{
    public static double Median(IReadOnlyCollection<double> figures)
    {
        if (figures.Count == 0) return double.NaN;
        var sorted = figures.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The median, and the range where there is more than one run.</summary>
    public static string Text(IReadOnlyCollection<double> figures) => figures.Count switch
    {
        0 => "-",
        1 => Text(figures.First()),
        _ => $"{Text(Median(figures))} [{Text(figures.Min())}-{Text(figures.Max())}]",
    };

    public static string Text(double figure) => !double.IsFinite(figure) ? "-"
        : figure.ToString(Math.Abs(figure) >= 100 || figure % 1 == 0 ? "#,0" : Math.Abs(figure) >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
