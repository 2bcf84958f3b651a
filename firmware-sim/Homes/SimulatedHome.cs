using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>One home behind one gateway. Its register is a function of the seed, the home and the instant, whatever was asked before.</summary>
public sealed class SimulatedHome
{
    private const int HalfHourSeconds = 1_800;
    private const int MinuteStream = 30;
    private const int VoltageStream = 31;
    private const int OpeningStream = 32;

    private readonly Func<long, UtcDay> _dayOf;
    private readonly HomeProfile _profile;
    private readonly long _seed;
    private readonly int _number;
    private readonly Instant _origin;
    private readonly long _firstDay;

    // The register at the start of each UTC day, grown as asked for, and one day's half-hours.
    private readonly List<long> _dayStartsWh;
    private readonly long[] _halfHourWh = new long[UtcDay.HalfHours + 1];
    private readonly Lock _lock = new();
    private long _cachedDay = long.MinValue;

    internal SimulatedHome(long seed, int number, Household household, GatewayName gateway, MeterName meter, Instant origin, Func<long, UtcDay> dayOf)
    {
        (_seed, _number, Household, Gateway, Meter, _origin, _dayOf) = (seed, number, household, gateway, meter, origin, dayOf);
        _profile = new(seed, number, household);
        _firstDay = FloorDiv(origin.ToUnixTimeSeconds(), 86_400);
        _dayStartsWh = [(long)(Chance.Unit(seed, OpeningStream, number) * 20_000_000)];
    }

    public Household Household { get; }

    public GatewayName Gateway { get; }

    public MeterName Meter { get; }

    /// <summary>The import register in Wh: it only rises. Within a half-hour it follows the minutes, and meets the half-hour's border exactly.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Before the neighbourhood's origin, when the meter did not hang there yet.</exception>
    public long RegisterWh(Instant at)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(at, _origin);
        var milliseconds = at.ToUnixTimeMilliseconds();
        var halfHour = FloorDiv(milliseconds, HalfHourSeconds * 1000L);
        var (start, end) = HalfHour(halfHour);
        var into = milliseconds - (halfHour * HalfHourSeconds * 1000L);
        return into == 0 ? start : start + Share(end - start, halfHour, into);
    }

    /// <summary>The half-hourly reading that a gateway keeps: the register alone.</summary>
    public Reading ReadingAt(Instant at) => new(Meter, at, new(RegisterWh(at)));

    /// <summary>A live reading: the register, the mean power of the minute under way and the voltage.</summary>
    public Reading LiveReadingAt(Instant at)
    {
        var minute = Instant.FromUnixTimeSeconds(FloorDiv(at.ToUnixTimeSeconds(), 60) * 60);
        var halfHour = FloorDiv(minute.ToUnixTimeSeconds(), HalfHourSeconds);
        var (start, end) = HalfHour(halfHour);
        var weights = Weights(halfHour);
        var index = (int)(minute.ToUnixTimeSeconds() - (halfHour * HalfHourSeconds)) / 60;
        var powerW = Math.Round((end - start) * 60.0 * weights[index] / Total(weights));
        var voltageV = Math.Round(230 + (4 * Chance.Smooth(_seed, VoltageStream, minute.ToUnixTimeSeconds() / 900.0)) + (2 * Chance.Unit(_seed, VoltageStream, _number, minute.ToUnixTimeSeconds())) - 1, 1);
        return new(Meter, at, new(RegisterWh(at)), powerW, voltageV);
    }

    /// <summary>The register at both ends of a half-hour, counted from 1970.</summary>
    private (long Start, long End) HalfHour(long number)
    {
        var day = FloorDiv(number, UtcDay.HalfHours);
        var index = (int)(number - (day * UtcDay.HalfHours));
        lock (_lock)
        {
            if (day != _cachedDay) Load(day);
            return (_halfHourWh[index], _halfHourWh[index + 1]);
        }
    }

    private void Load(long day)
    {
        var index = (int)(day - _firstDay);
        for (var next = Math.Min(_dayStartsWh.Count - 1, index); next <= index; next++)
        {
            var shared = _dayOf(_firstDay + next);
            _halfHourWh[0] = _dayStartsWh[next];
            for (var i = 0; i < UtcDay.HalfHours; i++)
                _halfHourWh[i + 1] = _halfHourWh[i] + _profile.HalfHourWh(shared, i, ((_firstDay + next) * UtcDay.HalfHours) + i);
            if (_dayStartsWh.Count == next + 1) _dayStartsWh.Add(_halfHourWh[UtcDay.HalfHours]);
        }

        _cachedDay = day;
    }

    /// <summary>What of a half-hour's energy has passed after some milliseconds of it: minutes weigh differently, in whole numbers.</summary>
    private long Share(long wh, long halfHour, long intoMilliseconds)
    {
        var weights = Weights(halfHour);
        var (minute, rest) = Math.DivRem(intoMilliseconds, 60_000);
        long passed = 0;
        for (var i = 0; i < minute; i++) passed += weights[i];
        return wh * ((passed * 60_000) + (weights[minute] * rest)) / (Total(weights) * 60_000L);
    }

    private int[] Weights(long halfHour)
    {
        var weights = new int[30];
        for (var i = 0; i < weights.Length; i++)
        {
            var chance = Chance.Unit(_seed, MinuteStream, _number, (halfHour * 30) + i);
            weights[i] = 300 + (int)(1_700 * chance * chance * chance);
        }

        return weights;
    }

    private static long Total(int[] weights)
    {
        long total = 0;
        foreach (var weight in weights) total += weight;
        return total;
    }

    private static long FloorDiv(long value, long by) => (value - (((value % by) + by) % by)) / by;
}
