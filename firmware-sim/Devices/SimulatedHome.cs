using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>One home behind one gateway. Its register is a function of the seed, the home and the instant, whatever was asked before.</summary>
public sealed class SimulatedHome : IDevice
{
    private const int VoltageStream = 31;
    private const int OpeningStream = 32;

    private readonly Func<long, UtcDay> _dayOf;
    private readonly HomeProfile _profile;
    private readonly RegisterCurve _curve;
    private readonly long _seed;

    internal SimulatedHome(long seed, int number, Household household, GatewayName gateway, MeterName meter, Instant origin, Func<long, UtcDay> dayOf)
    {
        (_seed, Number, Household, Gateway, Meter, _dayOf) = (seed, number, household, gateway, meter, dayOf);
        _profile = new(seed, number, household);
        OpeningWh = (long)(Chance.Unit(seed, OpeningStream, number) * 20_000_000);
        _curve = new(seed, number, origin, [OpeningWh], (halfHour, wh) => wh[0] = HalfHour(halfHour).InWh);
    }

    public Household Household { get; }

    public GatewayName Gateway { get; }

    public MeterName Meter { get; }

    internal int Number { get; }

    /// <summary>What the register stood at when the meter was hung.</summary>
    internal long OpeningWh { get; }

    /// <summary>What the home uses in a half-hour, whatever stands on its roof.</summary>
    Flow IDevice.HalfHour(long number) => HalfHour(number);

    /// <summary>The import register in Wh: it only rises. Within a half-hour it follows the minutes, and meets the half-hour's border exactly.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Before the neighbourhood's origin, when the meter did not hang there yet.</exception>
    public long RegisterWh(Instant at)
    {
        long register = 0;
        _curve.Read(at, new(ref register));
        return register;
    }

    /// <summary>The half-hourly reading that a gateway keeps: the register alone.</summary>
    public Reading ReadingAt(Instant at) => new(Meter, at, new(RegisterWh(at)));

    /// <summary>A live reading: the register, the mean power of the minute under way and the voltage.</summary>
    public Reading LiveReadingAt(Instant at)
    {
        var minute = Instant.FromUnixTimeSeconds(RegisterCurve.FloorDiv(at.ToUnixTimeSeconds(), 60) * 60);
        var halfHour = RegisterCurve.FloorDiv(minute.ToUnixTimeSeconds(), RegisterCurve.HalfHourSeconds);
        long start = 0, end = 0;
        _curve.Borders(halfHour, new(ref start), new(ref end));
        var weights = _curve.Weights(halfHour);
        var index = (int)(minute.ToUnixTimeSeconds() - (halfHour * RegisterCurve.HalfHourSeconds)) / 60;
        var powerW = Math.Round((end - start) * 60.0 * weights[index] / RegisterCurve.Total(weights));
        var voltageV = Math.Round(230 + (4 * Chance.Smooth(_seed, VoltageStream, minute.ToUnixTimeSeconds() / 900.0)) + (2 * Chance.Unit(_seed, VoltageStream, Number, minute.ToUnixTimeSeconds())) - 1, 1);
        return new(Meter, at, new(RegisterWh(at)), powerW, voltageV);
    }

    /// <summary>What of a half-hour's use goes into radiators and into the water tank; together never more than the whole.</summary>
    internal (long HeatingWh, long WaterWh) ByUse(long number)
    {
        var use = Use(number);
        return (use.HeatingWh, use.WaterWh);
    }

    private Flow HalfHour(long number) => new(Use(number).TotalWh);

    private HomeUse Use(long number)
    {
        var day = RegisterCurve.FloorDiv(number, UtcDay.HalfHours);
        return _profile.HalfHour(_dayOf(day), (int)(number - (day * UtcDay.HalfHours)), number);
    }
}
