using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Grid.Wire;

/// <summary>A CSV file row by row, each with its line, so that a fault can say where it stands.</summary>
internal sealed class CsvRows : IDisposable
{
    private const int MaxFieldLength = 4096;

    private readonly string _path;
    private readonly TextReader _reader;
    private readonly CsvParser _parser;

    public CsvRows(string path, string delimiter = ",")
    {
        _path = path;
        _reader = DataFile.OpenText(path);
        _parser = new(_reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            HasHeaderRecord = false,
            TrimOptions = TrimOptions.Trim,
            MaxFieldSize = MaxFieldLength,
            BadDataFound = bad => throw Fault(null, "a quotation mark stands in the wrong place: quote whole cells, and write \"\" for a quotation mark inside."),
        });
    }

    public long Line => _parser.RawRow;

    public int Count => _parser.Count;

    /// <summary>The cell, or nothing where the row is shorter.</summary>
    public string this[int column] => column < _parser.Count ? _parser[column] : "";

    public bool Read()
    {
        try
        {
            return _parser.Read();
        }
        catch (MaxFieldSizeException)
        {
            throw Fault(null, $"a cell is longer than {MaxFieldLength} characters: is a quotation mark not closed?");
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw Fault(null, $"it cannot be read on ({broken.Message}): is the file complete?");
        }
    }

    public bool IsBlank => Enumerable.Range(0, Count).All(i => this[i].Length == 0);

    public string[] Cells() => [.. Enumerable.Range(0, Count).Select(i => this[i])];

    public FileFaultException Fault(string? column, string what) => new(_path, _parser is null ? 1 : Line, column, what);

    public void Dispose()
    {
        _parser.Dispose();
        _reader.Dispose();
    }
}
