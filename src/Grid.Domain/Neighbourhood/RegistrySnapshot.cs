using System.Collections.Frozen;

namespace Grid.Domain;

/// <summary>The registry as it stood at one version: what ingest checks readings against and what the jobs group them by.</summary>
public sealed class RegistrySnapshot
{
    public static readonly RegistrySnapshot Empty = new(0, "", LocalCalendar.DefaultZone, [], [], []);

    private readonly FrozenDictionary<MeterName, MeterInstall[]> _installs;
    private readonly FrozenDictionary<HouseholdId, MeterInstall[]> _mains;
    private readonly FrozenDictionary<HouseholdId, MeterInstall[]> _behind;
    private readonly FrozenDictionary<GatewayName, GatewayCredential> _credentials;

    public RegistrySnapshot(
        long version,
        string neighbourhood,
        string timeZone,
        IReadOnlyList<Household> households,
        IReadOnlyList<MeterInstall> meters,
        IReadOnlyList<GatewayCredential> gateways)
    {
        (Version, Neighbourhood, TimeZone, Households, Meters, Gateways) = (version, neighbourhood, timeZone, households, meters, gateways);
        Calendar = LocalCalendar.For(timeZone);
        _installs = meters.GroupBy(m => m.Meter).ToFrozenDictionary(g => g.Key, g => g.OrderBy(m => m.From).ToArray());
        _mains = ByHousehold(m => m is { Kind: MeterKind.Main, Household: not null });
        _behind = ByHousehold(m => m.IsBehindMain);
        _credentials = gateways.ToFrozenDictionary(g => g.Name);

        FrozenDictionary<HouseholdId, MeterInstall[]> ByHousehold(Func<MeterInstall, bool> isOf) =>
            meters.Where(isOf).GroupBy(m => m.Household!.Value).ToFrozenDictionary(g => g.Key, g => g.ToArray());
    }

    public long Version { get; }

    public string Neighbourhood { get; }

    public string TimeZone { get; }

    public LocalCalendar Calendar { get; }

    public IReadOnlyList<Household> Households { get; }

    public IReadOnlyList<MeterInstall> Meters { get; }

    public IReadOnlyList<GatewayCredential> Gateways { get; }

    public IReadOnlyList<MeterInstall> InstallsOf(MeterName meter) => _installs.TryGetValue(meter, out var found) ? found : [];

    /// <summary>The main meters that hang or hung at a household, in the registry's order.</summary>
    public IReadOnlyList<MeterInstall> MainMetersOf(HouseholdId household) => _mains.TryGetValue(household, out var found) ? found : [];

    /// <summary>A household's panels, batteries and chargers, now or once.</summary>
    public IReadOnlyList<MeterInstall> BehindMainOf(HouseholdId household) => _behind.TryGetValue(household, out var found) ? found : [];

    public GatewayCredential? CredentialOf(GatewayName gateway) => _credentials.GetValueOrDefault(gateway);
}

/// <param name="SecretHash">SHA-256 of the secret; null while the gateway has none and may not connect.</param>
/// <param name="IsRevoked">It has none because it was taken away: only who names the gateway gives it another.</param>
public sealed record GatewayCredential(GatewayName Name, byte[]? SecretHash, bool IsRevoked = false);
