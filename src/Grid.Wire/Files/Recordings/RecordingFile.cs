using Grid.Domain;

namespace Grid.Wire;

/// <summary>A file of recorded consumption, in any of the known layouts, plain or gzip.</summary>
public sealed class RecordingFile
{
    private const string Layouts =
        "the first line of a recording is 'household,interval_end,wh' (long), 'interval_end,<household>,...' (wide), 'day,kwh_total' (daily) "
        + "or the header of an Enedis download (enedis)";

    private readonly RecordingOptions _options;

    private RecordingFile(string path, RecordingFormat format, RecordingOptions options) => (Path, Format, _options) = (path, format, options);

    public string Path { get; }

    public RecordingFormat Format { get; }

    /// <exception cref="FileFaultException">It cannot be opened, or its header is of no known layout.</exception>
    public static RecordingFile Open(string path, RecordingOptions? options = null)
    {
        options ??= new();
        using var text = DataFile.OpenText(path);
        return new(path, options.Format ?? Detect(path, text), options);
    }

    /// <summary>Reads once through the file; each household's intervals come in time order.</summary>
    /// <exception cref="FileFaultException">While reading: what, line and column.</exception>
    public IEnumerable<IntervalEnergy> Read() => Format switch
    {
        RecordingFormat.EnedisCsv => EnedisCsv.Read(Path, _options),
        RecordingFormat.LongCsv => LongCsv.Read(Path, _options),
        RecordingFormat.WideCsv => WideCsv.Read(Path, _options),
        _ => DailyCsv.Read(Path, _options),
    };

    /// <summary>The whole file in memory, by household in the order in which they first appear.</summary>
    public IReadOnlyList<IntervalSeries> ReadSeries()
    {
        Dictionary<string, List<IntervalEnergy>> byHousehold = new(StringComparer.Ordinal);
        List<string> order = [];
        foreach (var interval in Read())
        {
            if (!byHousehold.TryGetValue(interval.Household, out var intervals))
            {
                byHousehold.Add(interval.Household, intervals = []);
                order.Add(interval.Household);
            }

            intervals.Add(interval);
        }

        return [.. order.Select(household => new IntervalSeries(household, byHousehold[household]))];
    }

    /// <summary>The household of a file that holds only one.</summary>
    internal static string SoleHousehold(string path, RecordingOptions options, string? named = null)
    {
        var name = options.Household ?? named ?? System.IO.Path.GetFileName(path).Split('.')[0];
        return Identifier.IsValid(name)
            ? name
            : throw new FileFaultException(path, null, null, $"'{name}' cannot name a household: {(options.Household is null ? "the file names none, so its own name, up to the first point, must be of" : "give")} 1 to {Identifier.MaxLength} letters, digits, '_' and '-'.");
    }

    private static RecordingFormat Detect(string path, TextReader text)
    {
        try
        {
            var first = text.ReadLine() ?? throw new FileFaultException(path, null, null, $"it is empty: {Layouts}.");
            var head = first.Split(',')[0].Trim().Trim('"');
            if (string.Equals(head, "household", StringComparison.Ordinal)) return RecordingFormat.LongCsv;
            if (IntervalStamp.IsName(head)) return RecordingFormat.WideCsv;
            if (string.Equals(head, "day", StringComparison.Ordinal)) return RecordingFormat.DailyCsv;
            if (EnedisCsv.IsHeader(first, text)) return RecordingFormat.EnedisCsv;
            throw new FileFaultException(path, 1, null, $"no known header: {Layouts}.");
        }
        catch (InvalidDataException broken)
        {
            throw new FileFaultException(path, null, null, $"it cannot be unpacked ({broken.Message}): is the file complete?");
        }
    }
}
