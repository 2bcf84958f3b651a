namespace Grid.Domain;

/// <summary>A meter in its place: which gateway reads it, what it measures for whom, and when it hung there.</summary>
/// <param name="Household">Null for a meter of the neighbourhood, such as a feeder or a street light.</param>
/// <param name="From">First instant, included.</param>
/// <param name="To">Last instant, excluded; null while it still hangs there.</param>
/// <param name="MaxPowerW">No more can flow through it, such as the subscribed power; null if not known, then its kind's.</param>
/// <param name="Feeder">The feeder's meter that it hangs behind on a connection of its own; null if not known, and behind a main meter.</param>
public sealed record MeterInstall(
    MeterName Meter, MeterKind Kind, GatewayName Gateway, HouseholdId? Household, Instant From, Instant? To, long? MaxPowerW = null, MeterName? Feeder = null)
{
    /// <summary>A register that rises faster than this is not believed.</summary>
    public long PlausiblePowerW => MaxPowerW ?? Kind.PlausiblePowerW();

    /// <summary>What flows through it is part of its household's balance, beside the main meter's (METHOD.md rule 1.10): no meter on a connection of its own.</summary>
    public bool IsBehindMain => Household is not null && Feeder is null && Kind.MayHangBehindMain();

    public bool Covers(Instant at) => From <= at && (To is null || at < To);

    public bool Overlaps(Slot span) => From < span.End && (To is null || To > span.Start);

    /// <summary>The part of a span in which it hangs; null if there is none.</summary>
    public Slot? Within(Slot span) => Overlaps(span) ? new(Instant.Max(span.Start, From), To is { } to ? Instant.Min(span.End, to) : span.End) : null;
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

public static class MeterKinds
{
    /// <summary>What flows through it is part of a home's balance, beside its main meter's (METHOD.md rule 1.10). A sub-meter's is a share of the main meter's.</summary>
    public static bool MayHangBehindMain(this MeterKind kind) => kind is MeterKind.Pv or MeterKind.Battery or MeterKind.EvCharger;

    // Generous, for a meter of which nothing is known: 250 kVA is where low voltage ends in France.
    public static long PlausiblePowerW(this MeterKind kind) => kind switch
    {
        MeterKind.Feeder => 10_000_000,
        MeterKind.Battery or MeterKind.EvCharger => 1_000_000,
        _ => 250_000,
    };
}
