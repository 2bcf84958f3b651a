using System.Text.Json;
using Grid.Domain;

namespace Grid.Server;

/// <summary>The last registry snapshot on this node's own disk, so that it can start while the registry is down.</summary>
internal sealed class RegistrySnapshotFile(GridOptions options)
{
    private readonly string _file = Path.Combine(options.DataDirectory, "registry-snapshot.json");

    public void Write(RegistrySnapshot snapshot)
    {
        if (snapshot.Version == 0) return;
        var kept = new Kept(
            snapshot.Version,
            snapshot.Neighbourhood,
            snapshot.TimeZone,
            [.. snapshot.Households.Select(h => new KeptHousehold(h.Id.Value, h.Building, h.Dwelling, h.Heating, h.AreaM2, h.Occupants))],
            [.. snapshot.Meters.Select(m => new KeptMeter(
                m.Meter.Value, m.Kind, m.Gateway.Value, m.Household?.Value, m.From.ToUnixTimeMilliseconds(), m.To?.ToUnixTimeMilliseconds(), m.MaxPowerW, m.Feeder?.Value))],
            [.. snapshot.Gateways.Select(g => new KeptGateway(g.Name.Value, g.SecretHash))]);
        PrivateFile.Write(_file, JsonSerializer.SerializeToUtf8Bytes(kept));
    }

    /// <returns>Null if there is none, or none that can be read.</returns>
    public RegistrySnapshot? Read()
    {
        try
        {
            if (!File.Exists(_file) || JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(_file)) is not { } kept) return null;
            return new(
                kept.Version,
                kept.Neighbourhood,
                kept.TimeZone,
                [.. kept.Households.Select(h => new Household(HouseholdId.Parse(h.Id), h.Building, h.Dwelling, h.Heating, h.AreaM2, h.Occupants))],
                [.. kept.Meters.Select(m => new MeterInstall(
                    MeterName.Parse(m.Meter),
                    m.Kind,
                    GatewayName.Parse(m.Gateway),
                    m.Household is null ? null : HouseholdId.Parse(m.Household),
                    Instant.FromUnixTimeMilliseconds(m.FromMs),
                    m.ToMs is { } to ? Instant.FromUnixTimeMilliseconds(to) : null,
                    m.MaxPowerW,
                    m.Feeder is null ? null : MeterName.Parse(m.Feeder)))],
                [.. kept.Gateways.Select(g => new GatewayCredential(GatewayName.Parse(g.Name), g.SecretHash))]);
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or IOException)
        {
            return null;
        }
    }

    private sealed record Kept(
        long Version, string Neighbourhood, string TimeZone, KeptHousehold[] Households, KeptMeter[] Meters, KeptGateway[] Gateways);

    private sealed record KeptHousehold(string Id, string Building, DwellingKind Dwelling, HeatingKind Heating, int? AreaM2, int? Occupants);

    private sealed record KeptMeter(string Meter, MeterKind Kind, string Gateway, string? Household, long FromMs, long? ToMs, long? MaxPowerW = null, string? Feeder = null);

    private sealed record KeptGateway(string Name, byte[]? SecretHash);
}
