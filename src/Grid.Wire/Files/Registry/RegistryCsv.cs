using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Grid.Wire;

/// <summary>Registry rows in CSV. The header names the columns, in any order.</summary>
internal static class RegistryCsv
{
    public static IEnumerable<RawRegistryRow> Read(string path)
    {
        using var rows = new CsvRows(path);
        if (!rows.Read()) throw new FileFaultException(path, null, null, "it is empty: write a header and one row for each meter.");
        var header = rows.Cells();
        var places = Places(path, header);
        while (rows.Read())
        {
            if (rows.IsBlank) continue;
            var cells = new string[RegistryColumns.All.Count];
            for (var i = 0; i < cells.Length; i++) cells[i] = places[i] < 0 ? "" : rows[places[i]];
            var faults = rows.Count == header.Length
                ? RawRegistryRow.NoFaults
                : [new(rows.Line, null, FormattableString.Invariant($"{rows.Count} cells where the header has {header.Length}: write one cell a column, empty where there is no value."))];
            yield return new(rows.Line, cells, faults);
        }
    }

    public static void Write(Stream file, IEnumerable<RegistryRow> rows)
    {
        using var text = new StreamWriter(file, leaveOpen: true) { NewLine = "\n" };
        using var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        WriteRow(csv, RegistryColumns.All.Select(c => c.Name));
        foreach (var row in rows) WriteRow(csv, RawRegistryRow.CellsOf(row));
    }

    private static void WriteRow(CsvWriter csv, IEnumerable<string> cells)
    {
        foreach (var cell in cells) csv.WriteField(cell);
        csv.NextRecord();
    }

    private static int[] Places(string path, string[] header)
    {
        var known = RegistryColumns.All.Select(c => c.Name).ToArray();
        if (header is [var only] && only.Contains(';', StringComparison.Ordinal)) throw new FileFaultException(path, 1, null, "its cells are parted by ';': a registry file parts them by ','.");
        if (header.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw new FileFaultException(path, 1, unknown, $"no such column: a registry file has {string.Join(", ", known)}.");
        if (header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
            throw new FileFaultException(path, 1, twice.Key, "the column stands twice.");
        if (RegistryColumns.All.Where(c => !c.Optional && !header.Contains(c.Name, StringComparer.Ordinal)).Select(c => c.Name).ToArray() is { Length: > 0 } missing)
            throw new FileFaultException(path, 1, null, $"columns are missing: {string.Join(", ", missing)}.");
        return [.. known.Select(name => Array.IndexOf(header, name))];
    }
}
