using Grid.Domain;

namespace Grid.Wire;

/// <summary>What stands in a registry file, and how its words are spelt.</summary>
public static class RegistryColumns
{
    public static readonly IReadOnlyList<FileColumn> All =
    [
        new("neighbourhood", "neighbourhood", "Name of the neighbourhood: the same in every row."),
        new("time_zone", "timeZone", "IANA time zone of its days, such as Europe/Paris: the same in every row."),
        new("building", "building", "Building, entrance or address that groups households; empty without a household."),
        new("household", "household", "Id of the home, office or shop: 1 to 64 of letters, digits, '_' and '-'. Empty for a feeder or a street light."),
        new("dwelling", "dwelling", "apartment, house, office, shop or common; empty without a household."),
        new("heating", "heating", "electric or other (district heat, gas, ...); empty without a household."),
        new("area_m2", "areaM2", "Heated floor area in whole square metres; empty if not known.", Optional: true),
        new("occupants", "occupants", "People who live there; empty if not known.", Optional: true),
        new("meter", "meter", "Name of the meter, as its gateway sends it: 1 to 64 of letters, digits, '_' and '-'."),
        new("meter_kind", "meterKind", "main, sub-meter, pv, battery, ev-charger, street-lighting or feeder."),
        new("gateway", "gateway", "Gateway that reads the meter: 3 to 32 of a-z, 0-9 and '-'."),
        new("installed_from", "installedFrom", "UTC instant from which the meter hangs there, such as 2024-01-01T00:00:00Z."),
        new("installed_to", "installedTo", "UTC instant from which it no longer does; empty while it does.", Optional: true),
        new("max_power_w", "maxPowerW", "Watts that can flow through the meter at most, such as the subscribed power: 1 to 100000000. Empty if not known, then its kind's.", Optional: true),
        new("feeder", "feeder", "Meter of the feeder that the meter hangs behind on a connection of its own. Empty if not known, for sub-meters, and for what hangs behind a main meter, such as a home's panels.", Optional: true),
    ];

    internal static readonly Words<DwellingKind> Dwellings = new(
        ("apartment", DwellingKind.Apartment), ("house", DwellingKind.House), ("office", DwellingKind.Office), ("shop", DwellingKind.Shop), ("common", DwellingKind.Common));

    internal static readonly Words<HeatingKind> Heatings = new(("electric", HeatingKind.Electric), ("other", HeatingKind.Other));

    internal static readonly Words<MeterKind> MeterKinds = new(
        ("main", MeterKind.Main), ("sub-meter", MeterKind.SubMeter), ("pv", MeterKind.Pv), ("battery", MeterKind.Battery),
        ("ev-charger", MeterKind.EvCharger), ("street-lighting", MeterKind.StreetLighting), ("feeder", MeterKind.Feeder));

    public static string Name(DwellingKind kind) => Dwellings.NameOf(kind);

    public static string Name(HeatingKind kind) => Heatings.NameOf(kind);

    public static string Name(MeterKind kind) => MeterKinds.NameOf(kind);

    public static bool TryParse(string text, out DwellingKind kind) => Dwellings.TryParse(text, out kind);

    public static bool TryParse(string text, out HeatingKind kind) => Heatings.TryParse(text, out kind);
}

/// <summary>A closed list of words and what they stand for.</summary>
internal sealed class Words<T>(params (string Word, T Value)[] all)
    where T : struct
{
    public string Choice => string.Join(", ", all.Select(w => w.Word));

    public string NameOf(T value) => all.First(w => EqualityComparer<T>.Default.Equals(w.Value, value)).Word;

    public bool TryParse(string text, out T value)
    {
        foreach (var (word, known) in all)
        {
            if (!string.Equals(word, text, StringComparison.Ordinal)) continue;
            value = known;
            return true;
        }

        value = default;
        return false;
    }
}
