namespace Grid.FirmwareSim;

/// <summary>A battery that fills around noon and is emptied in the evening of the same local day, with a tenth lost on the way.</summary>
internal sealed class HomeBattery(long seed, long number, Func<long, UtcDay> dayOf) : IDevice
{
    private const int DayStream = 55;
    private const int ChargeFrom = 22;
    private const int DischargeFrom = 37;
    private const int Slots = 8;

    public Flow HalfHour(long halfHour)
    {
        var (slot, localDay) = LocalTime.Of(halfHour, dayOf);
        var chargedWh = Slots * (200 + (long)(500 * Chance.Unit(seed, DayStream, number, localDay)));
        return slot switch
        {
            >= ChargeFrom and < ChargeFrom + Slots => new(chargedWh / Slots),
            >= DischargeFrom and < DischargeFrom + Slots => new(0, chargedWh * 9 / 10 / Slots),
            _ => default,
        };
    }
}

/// <summary>What the clocks on the walls show in a half-hour.</summary>
internal static class LocalTime
{
    public static (int Slot, int Day) Of(long halfHour, Func<long, UtcDay> dayOf)
    {
        var day = RegisterCurve.FloorDiv(halfHour, UtcDay.HalfHours);
        var (shared, index) = (dayOf(day), (int)(halfHour - (day * UtcDay.HalfHours)));
        return (shared.LocalSlot[index], shared.LocalDay[index]);
    }

    /// <summary>Monday is 0.</summary>
    public static int Weekday(int localDay) => (((localDay + 3) % 7) + 7) % 7;
}
