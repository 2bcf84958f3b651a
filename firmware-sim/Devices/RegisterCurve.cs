namespace Grid.FirmwareSim;

/// <summary>
/// Registers as a function of the instant: whole watt-hours of each half-hour added up from the origin. Within a half-hour they
/// follow the minutes, and meet the half-hour's border exactly. Several columns (import, export, ...) share one course of minutes.
/// </summary>
internal sealed class RegisterCurve
{
    public const int HalfHourSeconds = 1_800;
    public const int Minutes = 30;

    private const int MinuteStream = 30;

    private readonly long _seed;
    private readonly long _number;
    private readonly Instant _origin;
    private readonly long _firstDay;
    private readonly int _columns;
    private readonly HalfHourEnergy _energy;

    // The registers at the start of each UTC day, grown as asked for, and one day's half-hours; column after column.
    private readonly List<long> _dayStartsWh;
    private readonly Lock _lock = new();
    private long[]? _halfHourWh;
    private long _cachedDay = long.MinValue;

    /// <param name="number">Tells this curve's minutes from those of others.</param>
    /// <param name="origin">When the meter was hung; readings before it do not exist.</param>
    /// <param name="openingsWh">What the registers stood at when the origin's UTC day began.</param>
    /// <param name="energy">What passes in a half-hour: a pure function, 0 or more in every column.</param>
    public RegisterCurve(long seed, long number, Instant origin, long[] openingsWh, HalfHourEnergy energy)
    {
        (_seed, _number, _origin, _columns, _energy) = (seed, number, origin, openingsWh.Length, energy);
        _firstDay = FloorDiv(origin.ToUnixTimeSeconds(), 86_400);
        _dayStartsWh = [.. openingsWh];
    }

    /// <param name="halfHour">Counted from 1970.</param>
    /// <param name="wh">One place a column, to be filled.</param>
    public delegate void HalfHourEnergy(long halfHour, Span<long> wh);

    /// <exception cref="ArgumentOutOfRangeException">Before the origin.</exception>
    public void Read(Instant at, Span<long> registers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(at, _origin);
        var milliseconds = at.ToUnixTimeMilliseconds();
        var halfHour = FloorDiv(milliseconds, HalfHourSeconds * 1000L);
        Span<long> ends = stackalloc long[_columns];
        Borders(halfHour, registers, ends);
        var into = milliseconds - (halfHour * HalfHourSeconds * 1000L);
        if (into == 0) return;
        var weights = Weights(halfHour);
        for (var c = 0; c < _columns; c++) registers[c] += Share(ends[c] - registers[c], weights, into);
    }

    /// <summary>The registers at both ends of a half-hour.</summary>
    public void Borders(long halfHour, Span<long> starts, Span<long> ends)
    {
        var day = FloorDiv(halfHour, UtcDay.HalfHours);
        var index = (int)(halfHour - (day * UtcDay.HalfHours));
        lock (_lock)
        {
            if (day != _cachedDay) Load(day);
            _halfHourWh.AsSpan(index * _columns, _columns).CopyTo(starts);
            _halfHourWh.AsSpan((index + 1) * _columns, _columns).CopyTo(ends);
        }
    }

    /// <summary>How the half-hour's energy is spread over its minutes.</summary>
    public int[] Weights(long halfHour)
    {
        var weights = new int[Minutes];
        for (var i = 0; i < weights.Length; i++)
        {
            var chance = Chance.Unit(_seed, MinuteStream, _number, (halfHour * Minutes) + i);
            weights[i] = 300 + (int)(1_700 * chance * chance * chance);
        }

        return weights;
    }

    public static long Total(int[] weights)
    {
        long total = 0;
        foreach (var weight in weights) total += weight;
        return total;
    }

    public static long FloorDiv(long value, long by) => (value - (((value % by) + by) % by)) / by;

    private void Load(long day)
    {
        _halfHourWh ??= new long[(UtcDay.HalfHours + 1) * _columns];
        var index = (int)(day - _firstDay);
        var known = (_dayStartsWh.Count / _columns) - 1;
        for (var next = Math.Min(known, index); next <= index; next++)
        {
            for (var c = 0; c < _columns; c++) _halfHourWh[c] = _dayStartsWh[(next * _columns) + c];
            for (var i = 0; i < UtcDay.HalfHours; i++)
            {
                var wh = _halfHourWh.AsSpan((i + 1) * _columns, _columns);
                _energy(((_firstDay + next) * UtcDay.HalfHours) + i, wh);
                for (var c = 0; c < _columns; c++) wh[c] += _halfHourWh[(i * _columns) + c];
            }

            if (_dayStartsWh.Count / _columns == next + 1) _dayStartsWh.AddRange(_halfHourWh.AsSpan(UtcDay.HalfHours * _columns));
        }

        _cachedDay = day;
    }

    /// <summary>What of a half-hour's energy has passed after some milliseconds of it: minutes weigh differently, in whole numbers.</summary>
    private static long Share(long wh, int[] weights, long intoMilliseconds)
    {
        var (minute, rest) = Math.DivRem(intoMilliseconds, 60_000);
        long passed = 0;
        for (var i = 0; i < minute; i++) passed += weights[i];
        return wh * ((passed * 60_000) + (weights[minute] * rest)) / (Total(weights) * 60_000L);
    }
}
