using System.Globalization;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Wire;

/// <summary>A value of the interval that starts there; null where the cell is empty or NaN.</summary>
public readonly record struct SeriesValue(Instant Start, double? Value);

/// <summary>The mean of a day, and of how many hours it is the mean.</summary>
public readonly record struct DayMean(LocalDate Day, double Mean, int Hours);

/// <summary>A bill: use of the local days from <paramref name="First"/> up to the next read; null where the cell is empty or NaN.</summary>
public readonly record struct BillValue(LocalDate First, LocalDate Next, double? Value, bool IsEstimated);

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
            if (!rows.IsBlank) values.Add(new(Start(rows), Number(rows, 1, "value")));
        return values.Count > 0 ? values : throw new FileFaultException(path, null, null, "it has no values.");
    }

    /// <summary>The mean of each UTC hour that has a value, in order.</summary>
    /// <inheritdoc cref="ReadValues"/>
    public static IReadOnlyList<(Instant Hour, double Mean)> ReadHours(string path) =>
        [.. ReadValues(path).Where(v => v.Value is not null).GroupBy(v => HourlyTemperature.HourOf(v.Start)).OrderBy(g => g.Key).Select(g => (g.Key, g.Average(v => v.Value!.Value)))];

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

    /// <summary>
    /// The layout <c>start,value</c> or <c>start,value,estimated</c>, where a value is of the whole period up to the next start, and the last row, whose value
    /// is empty, ends the last one. A start is a local day, or an instant of it.
    /// </summary>
    /// <exception cref="FileFaultException">The file is no such series.</exception>
    public static IReadOnlyList<BillValue> ReadBills(string path, LocalCalendar calendar)
    {
        using var rows = new CsvRows(path);
        if (!rows.Read() || rows.Cells() is not (["start", "value"] or ["start", "value", "estimated"])) throw new FileFaultException(path, 1, null, "the first line must be start,value or start,value,estimated.");
        List<BillValue> bills = [];
        (LocalDate Start, double? Value, bool IsEstimated, long Line)? open = null;
        while (rows.Read())
        {
            if (rows.IsBlank) continue;
            var start = LocalDatePattern.Iso.Parse(rows[0]) is { Success: true, Value: var day } ? Within(rows, "start", day.Year, day) : calendar.DayOf(Start(rows));
            if (open is { } bill)
            {
                if (start <= bill.Start) throw rows.Fault("start", $"{rows[0]} does not lie after the read before: sort the rows by time, and give each read once.");
                bills.Add(new(bill.Start, start, bill.Value, bill.IsEstimated));
            }

            open = (start, Number(rows, 1, "value"), IsEstimated(rows), rows.Line);
        }

        if (open is { Value: not null, Line: var last }) throw new FileFaultException(path, last, "value", "the last row ends the last bill, and begins none: add a row with the day of the last read and an empty value.");
        return bills.Count > 0 ? bills : throw new FileFaultException(path, null, null, "it has no bill: two reads make one.");
    }

    private static bool IsEstimated(CsvRows rows) => rows[2] switch
    {
        "" or "false" => false,
        "true" => true,
        _ => throw rows.Fault("estimated", $"'{rows[2]}' is neither true nor false: write true where the read that ends the bill was estimated."),
    };

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
            Within(rows, name, day.Year, day);
            if (!seen.Add(day)) throw rows.Fault(name, $"{rows[0]} stands twice: give each day once.");
            if (read(rows, day) is { } value) days.Add(value);
        }

        return days.Count > 0 ? days : throw new FileFaultException(path, null, null, "it has no values.");
    }

    private static Instant Start(CsvRows rows)
    {
        var start = IntervalStamp.Read(rows, 0, "start");
        return Within(rows, "start", start.InUtc().Year, start);
    }

    private static T Within<T>(CsvRows rows, string column, int year, T found) =>
        SeriesYears.Hold(year) ? found : throw rows.Fault(column, $"{rows[0]} lies {SeriesYears.Outside}: mend the year, or take the row out.");

    private static double? Number(CsvRows rows, int column, string name)
    {
        var text = rows[column];
        if (text.Length == 0 || text.Equals("nan", StringComparison.OrdinalIgnoreCase)) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw rows.Fault(name, $"'{text}' is no number: write it as 12.345, or leave the cell empty where there is none.");
    }
}
