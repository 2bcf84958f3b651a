using System.Globalization;

namespace Grid.Wire;

/// <summary>The instants and numbers of recording files.</summary>
internal static class IntervalStamp
{
    public const string EndName = "interval_end";

    public const string StartName = "interval_start";

    // Data frames print microseconds; what is stored are milliseconds.
    private static readonly string[] Layouts = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFK", "yyyy-MM-dd'T'HH:mm:ss.FFF'000'K", "yyyy-MM-dd' 'HH:mm:ssK", "yyyy-MM-dd' 'HH:mm:ss.FFF'000'K"];

    public static bool IsName(string header) => header is EndName or StartName;

    public static Instant Read(CsvRows rows, int column, string name)
    {
        var text = rows[column];
        if (!text.EndsWith('Z') && (text.Length < 6 || text[^6] is not ('+' or '-')))
            throw rows.Fault(name, $"'{text}' says no offset from UTC: write an instant such as 2026-11-24T13:30:00+01:00, or with Z.");
        return DateTimeOffset.TryParseExact(text, Layouts, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && at.Year is > 1 and < 9999
            ? Instant.FromDateTimeOffset(at)
            : throw rows.Fault(name, $"'{text}' is no instant: write it as 2026-11-24T13:30:00+01:00.");
    }

    /// <summary>Null if the cell is empty: no reading.</summary>
    public static long? Whole(CsvRows rows, int column, string name, string unit)
    {
        var text = rows[column];
        if (text.Length == 0) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= Domain.Registers.MaxWh
            ? value
            : throw rows.Fault(name, $"'{text}' is no whole number of {unit}, 0 or more: write digits only, or leave the cell empty where there is no reading.");
    }
}

/// <summary>Finds the length of intervals of which a file gives one end only: the smallest step between stamps; a larger one is a gap.</summary>
internal sealed class StampGrid(Duration? given)
{
    private static readonly int[] Minutes = [1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440];

    private Instant? _last;
    private (Duration Step, FileFaultException? Why) _smallest = (Duration.MaxValue, null);

    public Duration? Interval => given ?? (_smallest.Why is null && _smallest.Step < Duration.MaxValue ? _smallest.Step : null);

    /// <summary>Passes one stamp; they must rise.</summary>
    public void Pass(Instant stamp, Func<string, FileFaultException> fault)
    {
        if (_last is { } last)
        {
            var step = stamp - last;
            if (step <= Duration.Zero) throw fault("it does not lie after the stamp before: sort the rows by time, and give each interval once.");
            if (given is { } length && step < length) throw fault($"only {step.TotalMinutes:0.##} minutes after the stamp before, less than the interval that was given.");
            if (step < _smallest.Step)
                _smallest = (step, Minutes.Any(m => Duration.FromMinutes(m) == step)
                    ? null
                    : fault(string.Create(CultureInfo.InvariantCulture, $"{step.TotalMinutes:0.##} minutes after the stamp before are no interval length (1, 5, 10, 15, 30 or 60 minutes are usual)")));
        }

        _last = stamp;
    }

    /// <summary>The interval's length, or a fault that says why it cannot be told.</summary>
    public Duration Require(string path) => Interval
        ?? throw (_smallest.Why ?? new FileFaultException(path, null, null, "one row does not tell how long its interval is: give the interval's length in minutes."));
}
