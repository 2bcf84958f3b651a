namespace Grid.Domain;

/// <summary>A meter in its place: which gateway reads it, what it measures for whom, and when it hung there.</summary>
/// <param name="Household">Null for a meter of the neighbourhood, such as a feeder or a street light.</param>
/// <param name="From">First instant, included.</param>
/// <param name="To">Last instant, excluded; null while it still hangs there.</param>
public sealed record MeterInstall(MeterName Meter, MeterKind Kind, GatewayName Gateway, HouseholdId? Household, Instant From, Instant? To)
{
    public bool Covers(Instant at) => From <= at && (To is null || at < To);
}

public enum MeterKind
{
    /// <summary>A dwelling's, office's or shop's main meter: what it imports is what the household consumes.</summary>
    Main = 1,

    /// <summary>A share of a main meter, by use: never added to it.</summary>
    SubMeter = 2,
    Pv = 3,
    Battery = 4,
    EvCharger = 5,
    StreetLighting = 6,
    Feeder = 7,
}
