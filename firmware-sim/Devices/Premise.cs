namespace Grid.FirmwareSim;

/// <summary>A home's main meter with panels, battery or charger behind it: of each half-hour's balance it counts the one direction.</summary>
internal sealed class Premise(SimulatedHome home, IReadOnlyList<IDevice> behind) : IDevice
{
    public Flow HalfHour(long number)
    {
        var net = ((IDevice)home).HalfHour(number).NetWh;
        foreach (var device in behind) net += device.HalfHour(number).NetWh;
        return Flow.Net(net);
    }
}
