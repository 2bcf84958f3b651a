using System.Globalization;
using System.IO.Hashing;
using Grid.Domain;

namespace Grid.Server;

/// <summary>Counts lines, in whatever order they come.</summary>
internal sealed class LineCount
{
    private ulong _sum;

    public long Rows { get; private set; }

    public LineTotals Totals => new(Rows, _sum.ToString("x16", CultureInfo.InvariantCulture));

    public void Add(ReadOnlySpan<byte> line)
    {
        Rows++;
        _sum = unchecked(_sum + XxHash3.HashToUInt64(line));
    }
}

/// <summary>Counts readings, in whatever order they come.</summary>
internal sealed class ReadingCount
{
    private readonly LineCount _lines = new();
    private decimal _importWh;
    private decimal _exportWh;

    public long Count => _lines.Rows;

    public ReadingTotals Totals => new(_lines.Rows, _importWh, _exportWh, _lines.Totals.Checksum);

    public void Add(Reading reading, ReadOnlySpan<byte> line)
    {
        _lines.Add(line);
        _importWh += reading.Registers.ImportWh;
        _exportWh += reading.Registers.ExportWh ?? 0;
    }
}
