namespace Grid.Wire;

/// <summary>The registry import format: CSV or, by the extension <c>.json</c>, an array of objects; one row a meter.</summary>
public static class RegistryFile
{
    public const int MaxRows = 100_000;

    public const long MaxBytes = 64L << 20;

    /// <summary>Reads all of it and reports every bad row.</summary>
    /// <exception cref="FileFaultException">The file as a whole cannot be read: missing, too large, no known header, broken JSON.</exception>
    public static RegistryContent Read(string path)
    {
        var bytes = Load(path);
        var raw = IsJson(path) ? RegistryJson.Read(path, bytes) : RegistryCsv.Read(path);
        List<RowError> errors = [];
        List<(RegistryRow Row, long Line)> rows = [];
        var rules = new RegistryRules(IsJson(path), errors);
        var count = 0;
        foreach (var row in raw)
        {
            if (++count > MaxRows) throw new FileFaultException(path, row.Line, null, FormattableString.Invariant($"more than {MaxRows} rows: split the file."));
            if (new RegistryRowParser(row, IsJson(path), errors).Parse() is not { } parsed) continue;
            rules.Check(parsed, row.Line);
            rows.Add((parsed, row.Line));
        }

        if (count == 0) throw new FileFaultException(path, null, null, "it holds no rows: write one for each meter.");
        rules.CheckOverlaps(rows);
        rules.CheckFeeders(rows);
        return new([.. rows.Select(r => r.Row)], [.. errors.OrderBy(e => e.Line)]);
    }

    public static void Write(string path, IEnumerable<RegistryRow> rows)
    {
        using var file = File.Create(path);
        if (IsJson(path)) RegistryJson.Write(file, rows);
        else RegistryCsv.Write(file, rows);
    }

    internal static bool IsJson(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static byte[] Load(string path)
    {
        using var stream = DataFile.Open(path);
        if (stream is not FileStream) throw new FileFaultException(path, null, null, "it is packed: unpack it first.");
        if (stream.Length > MaxBytes) throw new FileFaultException(path, null, null, FormattableString.Invariant($"it has {stream.Length} bytes: at most {MaxBytes} are read; split it."));
        if (!IsJson(path)) return [];
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>A row as the file spells it; <paramref name="Cells"/> in the order of <see cref="RegistryColumns.All"/>.</summary>
internal sealed record RawRegistryRow(long Line, string[] Cells, IReadOnlyList<RowError> Faults)
{
    public static readonly IReadOnlyList<RowError> NoFaults = [];

    /// <summary>The cells of a row that is to be written.</summary>
    public static string[] CellsOf(RegistryRow row) =>
    [
        row.Neighbourhood,
        row.TimeZone,
        row.Household?.Building ?? "",
        row.Household?.Id.Value ?? "",
        row.Household is { } home ? RegistryColumns.Name(home.Dwelling) : "",
        row.Household is { } heated ? RegistryColumns.Name(heated.Heating) : "",
        Text(row.Household?.AreaM2),
        Text(row.Household?.Occupants),
        row.Meter.Meter.Value,
        RegistryColumns.Name(row.Meter.Kind),
        row.Meter.Gateway.Value,
        UtcText.Format(row.Meter.From),
        row.Meter.To is { } to ? UtcText.Format(to) : "",
        Text(row.Meter.MaxPowerW),
        row.Meter.Feeder?.Value ?? "",
    ];

    private static string Text(long? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
