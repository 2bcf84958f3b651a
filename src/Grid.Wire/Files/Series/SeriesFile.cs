using System.Globalization;
using NodaTime.Text;

namespace Grid.Wire;

/// <summary>A value of the interval that starts there; null where the cell is empty or NaN.</summary>
public readonly record struct SeriesValue(Instant Start, double? Value);

/// <summary>The mean of a day, and of how many hours it is the mean.</summary>
public readonly record struct DayMean(LocalDate Day, double Mean, int Hours);

/// <summary>Series of numbers that people hand in: <c>start,value</c> by instants, <c>day_utc,mean,count</c> by UTC days, or <c>day,mean</c> by local ones.</summary>
public static class SeriesFile
{
    /// <exception cref="FileFaultException">The file is no such series.</exception>
    public static IReadOnlyList<SeriesValue> ReadValues(string path)
    {
        using var rows = new CsvRows(path);
        if (!rows.Read() || rows.Cells() is not ["start", "value", ..]) throw new FileFaultException(path, 1, null, "the first line must be start,value.");
        List<SeriesValue> values = [];
        while (rows.Read())
            if (!rows.IsBlank) values.Add(new(IntervalStamp.Read(rows, 0, "start"), Number(rows, 1, "value")));
        return values.Count > 0 ? values : throw new FileFaultException(path, null, null, "it has no values.");
    }

    /// <returns>Null if the file is one of instants: read it by <see cref="ReadValues"/>.</returns>
    /// <exception cref="FileFaultException">The file is no such series.</exception>
    public static IReadOnlyList<DayMean>? ReadDays(string path) => ReadDays<DayMean>(path, "day_utc", ["day_utc", "mean", "count"], (rows, day) =>
    {
        if (!int.TryParse(rows[2], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || hours > 24) throw rows.Fault("count", $"'{rows[2]}' is no number of hours from 0 to 24.");
        return Number(rows, 1, "mean") is { } mean ? new DayMean(day, mean, hours) : null;
    });

    /// <summary>The layout <c>day,mean</c>: means of local days.</summary>
    /// <inheritdoc cref="ReadDays(string)"/>
    public static IReadOnlyList<(LocalDate Day, double Mean)>? ReadLocalDays(string path) => ReadDays<(LocalDate, double)>(path, "day", ["day", "mean"], (rows, day) =>
        Number(rows, 1, "mean") is { } mean ? (day, mean) : null);

    private static List<T>? ReadDays<T>(string path, string name, string[] header, Func<CsvRows, LocalDate, T?> read)
        where T : struct
    {
        using var rows = new CsvRows(path);
        if (!rows.Read() || !rows.Cells().Take(header.Length).SequenceEqual(header, StringComparer.Ordinal)) return null;
        List<T> days = [];
        HashSet<LocalDate> seen = [];
        while (rows.Read())
        {
            if (rows.IsBlank) continue;
            if (LocalDatePattern.Iso.Parse(rows[0]) is not { Success: true, Value: var day }) throw rows.Fault(name, $"'{rows[0]}' is no day: write it as 2026-11-24.");
            if (!seen.Add(day)) throw rows.Fault(name, $"{rows[0]} stands twice: give each day once.");
            if (read(rows, day) is { } value) days.Add(value);
        }

        return days.Count > 0 ? days : throw new FileFaultException(path, null, null, "it has no values.");
    }

    private static double? Number(CsvRows rows, int column, string name)
    {
        var text = rows[column];
        if (text.Length == 0 || text.Equals("nan", StringComparison.OrdinalIgnoreCase)) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw rows.Fault(name, $"'{text}' is no number: write it as 12.345, or leave the cell empty where there is none.");
    }
}
