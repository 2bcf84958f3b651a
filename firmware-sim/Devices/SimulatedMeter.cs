using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>A meter on a device: its registers at any instant, whatever was asked before.</summary>
public sealed class SimulatedMeter
{
    private const int Import = 0;
    private const int Export = 1;
    private const int OffPeak = 2;
    private const int Columns = 3;
    private const int OffPeakFrom = 44; // 22:00 to 06:00 on the clocks of the neighbourhood
    private const int OffPeakTo = 12;

    private readonly RegisterCurve _curve;
    private readonly bool _exports;
    private readonly bool _tariffs;

    internal SimulatedMeter(MeterInstall install, Household? household, IDevice device, RegisterCurveSeed seed, bool exports = false, bool tariffs = false)
    {
        (Install, Household, Device, _exports, _tariffs) = (install, household, device, exports, tariffs);
        _curve = new(seed.Seed, seed.Number, install.From, [seed.OpeningWh, 0, seed.OpeningWh / 3], (halfHour, wh) =>
        {
            var flow = device.HalfHour(halfHour);
            (wh[Import], wh[Export]) = (flow.InWh, flow.OutWh);
            wh[OffPeak] = tariffs && LocalTime.Of(halfHour, seed.DayOf).Slot is >= OffPeakFrom or < OffPeakTo ? flow.InWh : 0;
        });
    }

    public MeterInstall Install { get; }

    public MeterName Meter => Install.Meter;

    public Household? Household { get; }

    internal IDevice Device { get; }

    /// <summary>Import, export where the meter counts it, and the import by tariff where it does; on a half-hour's border exact to the watt-hour.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Before the meter was hung.</exception>
    public Registers RegistersAt(Instant at)
    {
        Span<long> wh = stackalloc long[Columns];
        _curve.Read(at, wh);
        return new(
            wh[Import],
            _exports ? wh[Export] : null,
            _tariffs ? new([("hc", wh[OffPeak]), ("hp", wh[Import] - wh[OffPeak])]) : null);
    }
}

/// <summary>What a meter's registers need beside its device.</summary>
internal sealed record RegisterCurveSeed(long Seed, long Number, long OpeningWh, Func<long, UtcDay> DayOf);

/// <summary>A part of a home's use: never more than the home's own.</summary>
internal sealed class UseOf(SimulatedHome home, bool heating) : IDevice
{
    public Flow HalfHour(long number)
    {
        var (heatingWh, waterWh) = home.ByUse(number);
        return new(heating ? heatingWh : waterWh);
    }
}
