namespace Grid.Wire;

/// <summary>The bounds of the MQTT contract.</summary>
public static class WireLimits
{
    public const int MaxDepth = 8;

    public const int MaxReadings = 500;

    /// <summary>Messages up to here are read.</summary>
    public const int MaxMessageBytes = 64 * 1024;

    /// <summary>Messages up to here are quarantined and acknowledged; beyond, the sender is disconnected.</summary>
    public const int MaxQuarantinedBytes = 256 * 1024;

    /// <summary>Beyond is no meter of a home: 1 GW, either way.</summary>
    internal const double MaxPowerW = 1e9;

    internal const double MaxVoltageV = 1e6;
}
