namespace Grid.FirmwareSim;

/// <summary>How many of each class of device a neighbourhood has.</summary>
public sealed record Composition
{
    /// <summary>Homes, each with a main meter behind a gateway of its own.</summary>
    public int Homes { get; init; }

    /// <summary>Homes' gateways also read a meter for the radiators and one for the water tank, where heating is electric.</summary>
    public bool ByUse { get; init; }

    /// <summary>Homes' meters also split the import into <c>hc</c> and <c>hp</c>.</summary>
    public bool Tariffs { get; init; }

    public int Offices { get; init; }

    public int Shops { get; init; }

    public int CommonAreas { get; init; }

    /// <summary>The first so many homes have panels: a meter of their own, and an export register on the home's.</summary>
    public int Pv { get; init; }

    /// <summary>The first so many homes have a battery.</summary>
    public int Batteries { get; init; }

    /// <summary>The last so many homes have a car to charge.</summary>
    public int EvChargers { get; init; }

    public int StreetLights { get; init; }

    /// <summary>Everything but the feeders is shared out among them in turn.</summary>
    public int Feeders { get; init; }

    public int Gateways => Homes + Offices + Shops + CommonAreas + StreetLights + Feeders;
}
