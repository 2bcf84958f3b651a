namespace Grid.FirmwareSim;

/// <summary>An office: people and screens from Monday to Friday, a server cupboard always.</summary>
internal sealed class Office(long seed, long number, Func<long, UtcDay> dayOf) : IDevice
{
    private const int Stream = 60;

    private readonly double _size = 0.6 + Chance.Unit(seed, Stream, number);

    public Flow HalfHour(long halfHour)
    {
        var (slot, day) = LocalTime.Of(halfHour, dayOf);
        var noise = 0.9 + (0.2 * Chance.Unit(seed, Stream, number, halfHour));
        var open = LocalTime.Weekday(day) < 5 && slot is >= 16 and < 38;
        return new((long)(_size * noise * (open ? 3_800 : 550)));
    }
}

/// <summary>A shop: light and tills from Monday to Saturday, cold shelves day and night.</summary>
internal sealed class Shop(long seed, long number, Func<long, UtcDay> dayOf) : IDevice
{
    private const int Stream = 62;

    private readonly double _size = 0.5 + Chance.Unit(seed, Stream, number);

    public Flow HalfHour(long halfHour)
    {
        var (slot, day) = LocalTime.Of(halfHour, dayOf);
        var noise = 0.85 + (0.3 * Chance.Unit(seed, Stream, number, halfHour));
        var open = LocalTime.Weekday(day) < 6 && slot is >= 18 and < 40;
        return new((long)(_size * noise * (open ? 2_600 : 900)));
    }
}

/// <summary>What the neighbours share: lifts when they come and go, light in the stairs, pumps and ventilation always.</summary>
internal sealed class CommonArea(long seed, long number, Func<long, UtcDay> dayOf) : IDevice
{
    private const int Stream = 64;

    public Flow HalfHour(long halfHour)
    {
        var (slot, _) = LocalTime.Of(halfHour, dayOf);
        var chance = Chance.Unit(seed, Stream, number, halfHour);
        var lifts = slot is >= 14 and < 19 or >= 34 and < 42 ? 450 : slot < 12 ? 20 : 180;
        var light = Sun.Height(halfHour) > 0.1 ? 60 : 240;
        return new(700 + light + (long)(lifts * (0.5 + chance)));
    }
}
