using System.Globalization;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Wire;

/// <summary>A CSV file whose first line names its columns, in any order, and whose cells are words of the domain.</summary>
internal sealed class HeadedCsv : IDisposable
{
    // What is divided by it loses the zeros at its end, so that 0.1940 and 0.194 are the same in every store.
    private const decimal OneWithoutZeros = 1.0000000000000000000000000000m;

    private readonly CsvRows _rows;
    private readonly Dictionary<string, int> _places;
    private readonly string _path;
    private int _count;

    public HeadedCsv(string path, IReadOnlyList<FileColumn> columns)
    {
        _path = path;
        _rows = new(path);
        var header = _rows.Read() ? _rows.Cells() : [];
        _places = columns.ToDictionary(c => c.Name, c => Array.IndexOf(header, c.Name), StringComparer.Ordinal);
        var wanted = $"the first line names the columns: {string.Join(',', columns.Select(c => c.Name))}.";
        if (columns.FirstOrDefault(c => !c.Optional && _places[c.Name] < 0) is { } missing) throw new FileFaultException(path, 1, missing.Name, $"it is missing; {wanted}");
        if (header.FirstOrDefault(h => !_places.ContainsKey(h)) is { } unknown) throw new FileFaultException(path, 1, unknown, $"it is none of the file's; {wanted}");
    }

    public long Line => _rows.Line;

    public string this[string column] => _places[column] is >= 0 and var place ? _rows[place] : "";

    /// <returns>False at the end.</returns>
    /// <exception cref="FileFaultException">No row at all, or more than <paramref name="most"/>.</exception>
    public bool Read(int most)
    {
        while (_rows.Read())
        {
            if (_rows.IsBlank) continue;
            return ++_count <= most ? true : throw Fault(null, FormattableString.Invariant($"more than {most} rows: split the file."));
        }

        return _count > 0 ? false : throw new FileFaultException(_path, null, null, "it holds no rows below its header.");
    }

    public bool IsEmpty(string column) => this[column].Length == 0;

    public string Name(string column) => Identifier.IsValid(this[column])
        ? this[column]
        : throw Fault(column, $"'{this[column]}' is no name: 1 to {Identifier.MaxLength} of letters, digits, '_' and '-' are.");

    public LocalDate Day(string column) => LocalDatePattern.Iso.Parse(this[column]) is { Success: true, Value: var day } && day.Year is > 1900 and < 3000
        ? day
        : throw Fault(column, $"'{this[column]}' is no day: write it as 2026-02-01.");

    public T Word<T>(string column, Words<T> words)
        where T : struct =>
        words.TryParse(this[column], out var value) ? value : throw Fault(column, $"'{this[column]}' is none of {words.Choice}.");

    public decimal Number(string column, decimal least, decimal most, int decimals) =>
        decimal.TryParse(this[column], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most && value == decimal.Round(value, decimals)
            ? value / OneWithoutZeros
            : throw Fault(column, FormattableString.Invariant($"'{this[column]}' is no {(decimals == 0 ? "whole number" : $"number of at most {decimals} decimals")} from {least} to {most}: write it with a point, no sign and no unit."));

    public FileFaultException Fault(string? column, string what) => _rows.Fault(column, what);

    public void Dispose() => _rows.Dispose();
}
