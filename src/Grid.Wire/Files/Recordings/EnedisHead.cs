namespace Grid.Wire;

/// <summary>What an Enedis download says of its values, above them and beside them.</summary>
/// <param name="Point">Null where nothing names it.</param>
/// <param name="Length">Of the intervals; null where nothing says it.</param>
/// <param name="Columns">By place: the values' columns that say something of their row.</param>
internal sealed record EnedisHead(string? Point, Duration? Length, IReadOnlyList<EnedisFact?> Columns)
{
    public const int MostLines = 20;

    private const string OneEach = "above the values stand one line of names, and one below it of what they name";

    /// <summary>Reads up to the line that names the values' columns.</summary>
    /// <param name="before">The head of the values above, where the rows stand on the first line of a further one.</param>
    public static EnedisHead Read(string path, CsvRows rows, EnedisHead? before = null)
    {
        var head = new EnedisHead(before?.Point, null, []);
        (EnedisFact?[] names, long line, var told) = ([], 0, false);
        for (var i = 0; i < MostLines && ((i == 0 && before is not null) || rows.Read()); i++)
        {
            var cells = rows.Cells();
            if (EnedisNames.AreValues(cells))
                return line > 0 && !told ? throw Untold(path, line) : head with { Columns = Facts(cells) };
            if (EnedisNames.AreFacts(cells))
                (names, line) = line == 0 ? (Facts(cells), rows.Line) : throw rows.Fault(null, $"it names columns as line {line} does: {OneEach}.");
            else if (line > 0 && cells.Count(cell => cell.Length > 0) >= Math.Min(2, names.Length))
                (head, told) = told ? throw rows.Fault(null, $"it is a second line of what line {line} names: {OneEach}.") : (head.With(names, rows), true);
        }

        throw line > 0 && !told
            ? Untold(path, line)
            : new FileFaultException(path, null, null, $"no line '{EnedisNames.Stamp};{EnedisNames.Value}' is among its first {MostLines}: give a load curve (courbe de charge) as Enedis offers it for download, in CSV.");
    }

    /// <summary>What the row says of itself, else what the head says of all.</summary>
    public EnedisHead With(CsvRows rows) => With(Columns, rows);

    private EnedisHead With(IReadOnlyList<EnedisFact?> names, CsvRows rows)
    {
        var said = this;
        for (var i = 0; i < names.Count; i++)
            if (names[i] is { } fact) said = said.With(fact, rows[i], rows);
        return said;
    }

    private EnedisHead With(EnedisFact fact, string text, CsvRows rows)
    {
        var column = EnedisNames.Of(fact);
        switch (fact)
        {
            case EnedisFact.Unit when text is not "W":
                throw rows.Fault(column, $"the values are in '{text}': download the load curve (courbe de charge), which is in W.");
            case EnedisFact.Direction when !IsUse(text):
                throw rows.Fault(column, $"the values are '{text}', and only consumption is read: download the load curve of 'Consommation'.");
            case EnedisFact.Length:
                return this with { Length = EnedisCsv.Length(rows, text) ?? Length };
            case EnedisFact.Point when text.Length > 0:
                if (text.Length > 14 || !text.All(char.IsAsciiDigit)) throw rows.Fault(column, $"'{text}' is no PRM, which is 14 digits: give the file as Enedis made it.");
                if (Point is not null && !string.Equals(Point, text, StringComparison.Ordinal)) throw rows.Fault(column, $"here begins meter {text}, and what stands above is of {Point}: give each meter's curve in a file of its own.");
                return this with { Point = text };
            default:
                return this;
        }
    }

    private static bool IsUse(string text) => text.Length == 0 || text.StartsWith("Cons", StringComparison.OrdinalIgnoreCase) || text.StartsWith("Soutir", StringComparison.OrdinalIgnoreCase);

    private static EnedisFact?[] Facts(string[] cells) => [.. cells.Select(EnedisNames.Find)];

    private static FileFaultException Untold(string path, long line) => new(path, line, null, $"no line below it says what it names: {OneEach}.");
}
