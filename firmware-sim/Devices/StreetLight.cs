namespace Grid.FirmwareSim;

/// <summary>A string of street lamps: on when the sun is down, dimmed to half in the dead of night.</summary>
internal sealed class StreetLight(long seed, long number, Func<long, UtcDay> dayOf) : IDevice
{
    private const int Stream = 66;

    private readonly long _lampsWh = (10 + (long)(30 * Chance.Unit(seed, Stream, number))) * 35;

    public Flow HalfHour(long halfHour)
    {
        if (Sun.Height(halfHour) > 0) return new(12); // the cabinet itself
        return new(12 + (LocalTime.Of(halfHour, dayOf).Slot is >= 2 and < 10 ? _lampsWh / 2 : _lampsWh));
    }
}
