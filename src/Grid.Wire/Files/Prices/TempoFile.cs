using Grid.Domain;

namespace Grid.Wire;

/// <summary>The colours of Tempo's days in CSV: <c>day,colour</c>.</summary>
public static class TempoFile
{
    public static readonly IReadOnlyList<FileColumn> Columns =
    [
        new("day", "day", "Local day, such as 2026-01-15; its colour holds from 6 in the morning to 6 of the next."),
        new("colour", "colour", $"{PriceWords.Colours.Choice}."),
    ];

    private const int MaxRows = 100_000;

    /// <exception cref="FileFaultException">The first row that is at fault, or the file as a whole.</exception>
    public static IReadOnlyDictionary<LocalDate, TempoColour> Read(string path)
    {
        using HeadedCsv rows = new(path, Columns);
        Dictionary<LocalDate, TempoColour> days = [];
        while (rows.Read(MaxRows))
            if (!days.TryAdd(rows.Day("day"), rows.Word("colour", PriceWords.Colours))) throw rows.Fault("day", $"{rows["day"]} stands twice: give each day once.");
        return days;
    }
}
