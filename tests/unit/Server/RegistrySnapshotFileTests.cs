using Grid.Domain;
using Grid.Server;

namespace Grid.UnitTests.Server;

public sealed class RegistrySnapshotFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("grid-snapshot-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void What_ingest_checks_readings_against_survives_a_registry_that_is_down()
    {
        var gateway = GatewayName.Parse("gw-1");
        MeterInstall[] meters =
        [
            new(MeterName.Parse("f-1"), MeterKind.Feeder, gateway, null, Instant.FromUtc(2024, 1, 1, 0, 0), null),
            new(MeterName.Parse("m-1"), MeterKind.Main, gateway, HouseholdId.Parse("h-1"), Instant.FromUtc(2024, 1, 1, 0, 0), Instant.FromUtc(2025, 1, 1, 0, 0), 9_000, MeterName.Parse("f-1")),
        ];
        Household[] homes = [new(HouseholdId.Parse("h-1"), "b-1", DwellingKind.Apartment, HeatingKind.Electric, 60, null)];
        RegistrySnapshotFile file = new(new GridOptions { DataDirectory = _directory.FullName });

        file.Write(new(7, "Fort", "Europe/Paris", homes, meters, [new(gateway, [1, 2])]));
        var read = file.Read()!;

        (read.Version, read.Neighbourhood, read.TimeZone).Should().Be((7, "Fort", "Europe/Paris"));
        read.Meters.Should().Equal(meters);
        read.Households.Should().Equal(homes);
        read.CredentialOf(gateway)!.SecretHash.Should().Equal(1, 2);
    }
}
