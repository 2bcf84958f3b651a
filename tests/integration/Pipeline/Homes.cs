using Grid.Domain;
using Grid.Storage;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Registries as small as a test needs.</summary>
internal static class Homes
{
    public const string Secret = "a-secret-of-the-tests-with-enough-of-it";

    /// <summary>One apartment a name, each with a main meter of the same name behind one gateway, since 2000.</summary>
    public static RegistryChange Behind(GatewayName gateway, IEnumerable<string> names, string timeZone = LocalCalendar.DefaultZone)
    {
        List<string> homes = [.. names];
        return new(
            "Test neighbourhood",
            timeZone,
            [.. homes.Select(name => new Household(HouseholdId.Parse(name), "b-01", DwellingKind.Apartment, HeatingKind.Electric, 60, 2))],
            [.. homes.Select(name => new MeterInstall(MeterName.Parse(name), MeterKind.Main, gateway, HouseholdId.Parse(name), Instant.FromUtc(2000, 1, 1, 0, 0), null))]);
    }

    /// <summary>A gateway that no other test uses: the brokers of tests/run are shared.</summary>
    public static GatewayName NewGateway() => GatewayName.Parse($"gw-{Guid.NewGuid():N}"[..24]);
}
