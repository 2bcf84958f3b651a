namespace Grid.FirmwareSim;

/// <summary>A charger for one car: on most evenings it is plugged in and filled at 7.4 kW until it has what it drove.</summary>
internal sealed class EvCharger(long seed, long number) : IDevice
{
    private const int SessionStream = 58;
    private const long FullWh = 3_700;
    private const int EarliestSlot = 34;

    public Flow HalfHour(long halfHour)
    {
        var day = RegisterCurve.FloorDiv(halfHour, UtcDay.HalfHours);
        // A session lasts past midnight at times.
        return new(Charged(day, halfHour) + Charged(day - 1, halfHour));
    }

    private long Charged(long day, long halfHour)
    {
        if (Chance.Unit(seed, SessionStream, number, day * 3) > 0.7) return 0;
        var start = (day * UtcDay.HalfHours) + EarliestSlot + (long)(10 * Chance.Unit(seed, SessionStream, number, (day * 3) + 1));
        var needWh = 4_000 + (long)(26_000 * Chance.Unit(seed, SessionStream, number, (day * 3) + 2));
        return halfHour < start ? 0 : Math.Clamp(needWh - ((halfHour - start) * FullWh), 0, FullWh);
    }
}
