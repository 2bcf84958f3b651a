namespace Grid.FirmwareSim;

/// <summary>
/// Anything that a meter can hang on, as pure arithmetic: whole watt-hours of each half-hour from nothing but the seed. What the
/// registers stand at follows from it in <see cref="SimulatedMeter"/>, for every class of device alike.
/// </summary>
internal interface IDevice
{
    /// <param name="number">Half-hours since 1970, in UTC.</param>
    Flow HalfHour(long number);
}

/// <summary>What passes a metering point in one half-hour, each way.</summary>
internal readonly record struct Flow(long InWh, long OutWh = 0)
{
    public long NetWh => InWh - OutWh;

    /// <summary>The two directions of a half-hour's balance: a meter counts the one or the other.</summary>
    public static Flow Net(long wh) => wh >= 0 ? new(wh) : new(0, -wh);
}
