using System.Globalization;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Wire;

/// <summary><c>day,kwh_total,…</c>: one household, one row a local day. Fractions of a watt-hour are carried on, so that sums stay exact.</summary>
internal static class DailyCsv
{
    public static IEnumerable<IntervalEnergy> Read(string path, RecordingOptions options)
    {
        var household = RecordingFile.SoleHousehold(path, options);
        var calendar = CalendarOf(path, options);
        using var rows = new CsvRows(path);
        var header = rows.Read() ? rows.Cells() : [];
        if (header is not ["day", ..]) throw new FileFaultException(path, 1, null, "a daily file's first column is day.");
        var column = ValueColumn(path, header, options);
        var partial = Array.IndexOf(header, "partial_day");
        var perUnit = header[column].EndsWith("_wh", StringComparison.Ordinal) ? 1m : 1000m;
        var (carried, last) = (0m, (LocalDate?)null);
        while (rows.Read())
        {
            if (rows.IsBlank) continue;
            var day = LocalDatePattern.Iso.Parse(rows[0]) is { Success: true } parsed && parsed.Value.Year is > 1 and < 9999
                ? parsed.Value
                : throw rows.Fault("day", $"'{rows[0]}' is no day of a recording: write it as 2026-11-24.");
            if (day <= last) throw rows.Fault("day", "it does not lie after the day before: sort the rows, and give each day once.");
            last = day;
            if (rows[column].Length == 0 || (partial >= 0 && rows[partial] is "1")) continue;
            if (!decimal.TryParse(rows[column], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value > Registers.MaxWh / perUnit)
                throw rows.Fault(header[column], $"'{rows[column]}' is no energy: write a decimal such as 12.345, or leave the cell empty where there is no reading.");
            carried += value * perUnit;
            var wh = (long)decimal.Floor(carried);
            carried -= wh;
            var (start, end) = calendar.Whole(day);
            yield return new(household, start, end, wh);
        }
    }

    private static LocalCalendar CalendarOf(string path, RecordingOptions options)
    {
        try
        {
            return LocalCalendar.For(options.TimeZone);
        }
        catch (FormatException unknown)
        {
            throw new FileFaultException(path, null, null, unknown.Message);
        }
    }

    private static int ValueColumn(string path, string[] header, RecordingOptions options)
    {
        var found = options.ValueColumn is { } wanted
            ? Array.IndexOf(header, wanted)
            : Array.FindIndex(header, name => name.EndsWith("_wh", StringComparison.Ordinal)
                || name.StartsWith("kwh", StringComparison.Ordinal) || name.EndsWith("_kwh", StringComparison.Ordinal));
        if (found > 0) return found;
        throw new FileFaultException(path, 1, options.ValueColumn, $"no such value column: the file has {string.Join(", ", header.Skip(1))}; a name such as energy_wh or kwh_total is taken by itself.");
    }
}
