namespace Grid.FirmwareSim;

/// <summary>
/// A substation's feeder: in every half-hour exactly the balance of the metering points behind it and the losses on the way,
/// to the watt-hour.
/// </summary>
internal sealed class Feeder(IReadOnlyList<IDevice> behind) : IDevice
{
    private const long IdleWh = 15; // the transformer hums whatever flows

    public Flow HalfHour(long number)
    {
        var balance = Balance(number);
        return Flow.Net(balance + LossesOf(balance));
    }

    /// <summary>What goes warm between the feeder and the meters behind it.</summary>
    public long LossesWh(long number) => LossesOf(Balance(number));

    private static long LossesOf(long balance) => IdleWh + (Math.Abs(balance) / 50);

    private long Balance(long number)
    {
        long sum = 0;
        foreach (var device in behind) sum += device.HalfHour(number).NetWh;
        return sum;
    }
}
