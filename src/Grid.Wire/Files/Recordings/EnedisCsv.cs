using System.Globalization;
using System.Numerics;

namespace Grid.Wire;

/// <summary>The load curve that Enedis customers download: mean watts of the interval that ends at the stamp.</summary>
public static class EnedisCsv
{
    private const string Lengths = "5, 10, 15, 30 or 60 minutes";

    private const int ManySteps = 24;

    private static readonly Duration Finest = Duration.FromMinutes(5);

    /// <summary>True if the line, or one of the few after it, heads the values.</summary>
    internal static bool IsHeader(string first, TextReader rest)
    {
        var line = first;
        for (var i = 0; i < EnedisHead.MostLines && line is not null; i++, line = rest.ReadLine())
            if (EnedisNames.AreValues([.. line.Split(';').Select(cell => cell.Trim(' ', '"'))])) return true;
        return false;
    }

    /// <summary>True if a load curve has intervals of this length.</summary>
    internal static bool IsLength(Duration length) => length.TotalMinutes is 5 or 10 or 15 or 30 or 60;

    /// <summary>The length that a cell gives, as 30 or PT30M; null if it is empty.</summary>
    internal static Duration? Length(CsvRows rows, string text)
    {
        if (text.Length == 0) return null;
        var minutes = text.ToUpperInvariant() switch { "PT1H" => "60", ['P', 'T', .. var number, 'M'] => number, var number => number };
        return int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && IsLength(Duration.FromMinutes(whole))
            ? Duration.FromMinutes(whole)
            : throw rows.Fault(EnedisNames.Of(EnedisFact.Length), $"'{text}' is no interval of a load curve: write {Lengths}, or leave it empty.");
    }

    /// <summary>As energy: fractions of a watt-hour are carried on, so that sums stay exact.</summary>
    internal static IEnumerable<IntervalEnergy> Read(string path, RecordingOptions options)
    {
        long carried = 0;
        foreach (var (household, start, end, watts) in ReadPower(path, options))
        {
            carried += watts * (long)(end - start).TotalMinutes;
            (var wh, carried) = Math.DivRem(carried, 60);
            yield return new(household, start, end, wh);
        }
    }

    /// <summary>As the file says it, in time order; intervals without a value are absent.</summary>
    /// <exception cref="FileFaultException">What is wrong, line and column.</exception>
    public static IEnumerable<IntervalPower> ReadPower(string path, RecordingOptions options)
    {
        var (point, rows) = EnedisRows.Read(path);
        var household = RecordingFile.SoleHousehold(path, options, point);
        if (rows.All(row => row.Watts is null))
            throw new FileFaultException(path, null, null, "none of its rows has a value: download a period in which the meter recorded its load curve.");
        Func<EnedisRow, Duration> untold = rows.All(row => row.Length is not null) ? _ => Duration.Zero : options.Interval is { } given ? _ => given : Untold(path, rows);
        for (var i = 0; i < rows.Count; i++)
        {
            var (row, length) = (rows[i], rows[i].Length ?? untold(rows[i]));
            if (i > 0 && row.At - rows[i - 1].At < length)
                throw new FileFaultException(path, row.Line, EnedisNames.Stamp, $"it stands {Minutes(row.At - rows[i - 1].At)} after the stamp in line {rows[i - 1].Line}, less than the interval's {Minutes(length)}: correct the stamps or the interval's length, '{EnedisNames.Of(EnedisFact.Length)}'.");
            if (row.Watts is { } watts) yield return new(household, row.At - length, row.At, watts);
        }
    }

    /// <summary>
    /// The greatest length of which all steps are multiples: a longer one would make up what single missing rows held. A meter that went from hours to half-hours had hours before: where
    /// three days have many steps, these are asked alone.
    /// </summary>
    private static Func<EnedisRow, Duration> Untold(string path, IReadOnlyList<EnedisRow> rows)
    {
        var told = $"write the minutes below '{EnedisNames.Of(EnedisFact.Length)}', above the values";
        if (rows is [_]) throw new FileFaultException(path, rows[0].Line, null, $"one row does not tell how long its interval is: download a longer period, or {told}.");
        var steps = rows.Skip(1).Zip(rows, (row, before) => (Span: row.At - before.At, row.Line, Before: before.Line)).ToList();
        var known = rows.Select(row => row.Length).OfType<Duration>();
        var length = Common(steps.Select(step => step.Span).Concat(known));
        if (IsLength(length))
        {
            var days = rows.Skip(1).Zip(steps, (row, step) => (row.At, step.Span)).GroupBy(s => s.At.InUtc().Date).ToDictionary(day => day.Key, day => (Count: day.Count(), Common: Common(day.Select(s => s.Span))));
            return row =>
            {
                var date = row.At.InUtc().Date;
                var around = Enumerable.Range(-1, 3).Select(d => days.GetValueOrDefault(date.PlusDays(d))).Where(d => d.Count > 0).ToList();
                return around.Sum(d => d.Count) >= ManySteps && Common(around.Select(d => d.Common)) is var common && IsLength(common) ? common : length;
            };
        }

        var odd = steps.Find(step => step.Span.BclCompatibleTicks % Finest.BclCompatibleTicks != 0);
        var (worst, line, before) = odd.Line > 0 ? odd : steps.MinBy(step => step.Span);
        throw new FileFaultException(path, line, EnedisNames.Stamp, $"it stands {Minutes(worst)} after the stamp in line {before}, and no load curve has such intervals ({Lengths}): correct the stamps, or, if rows are missing, {told}.");
    }

    private static Duration Common(IEnumerable<Duration> spans) =>
        Duration.FromTicks((long)spans.Select(span => (BigInteger)span.BclCompatibleTicks).Aggregate(BigInteger.GreatestCommonDivisor));

    private static string Minutes(Duration span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.##} {(span.TotalMinutes is 1 ? "minute" : "minutes")}");
}
