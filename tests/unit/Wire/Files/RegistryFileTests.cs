using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire;

public class RegistryFileTests
{
    private const string Header = "neighbourhood,time_zone,building,household,dwelling,heating,area_m2,occupants,meter,meter_kind,gateway,installed_from,installed_to\n";
    private const string Home = "Issy,Europe/Paris,b-01,h-1,apartment,electric,45,2,m-1,main,gw-0001,2024-01-01T00:00:00Z,\n";

    [Theory]
    [InlineData("r.csv")]
    [InlineData("r.json")]
    public void What_was_written_is_read_back(string name)
    {
        using var file = new ScratchFile(name);
        var home = new Household(HouseholdId.Parse("h-1"), "Bâtiment \"A\", hall 2", DwellingKind.Apartment, HeatingKind.Electric, 45, null);
        RegistryRow[] rows =
        [
            new("Issy", "Europe/Paris", home, new(MeterName.Parse("m-1"), MeterKind.Main, GatewayName.Parse("gw-1"), home.Id, Instant.FromUtc(2024, 1, 1, 0, 0), Instant.FromUtc(2025, 1, 1, 0, 0))),
            new("Issy", "Europe/Paris", home, new(MeterName.Parse("m-1"), MeterKind.Main, GatewayName.Parse("gw-2"), home.Id, Instant.FromUtc(2025, 1, 1, 0, 0), null, Feeder: MeterName.Parse("f-1"))),
            new("Issy", "Europe/Paris", null, new(MeterName.Parse("f-1"), MeterKind.Feeder, GatewayName.Parse("gw-2"), null, Instant.FromUtc(2024, 1, 1, 0, 0), null, 400_000)),
        ];

        RegistryFile.Write(file.Path, rows);
        var (read, errors) = RegistryFile.Read(file.Path);

        errors.Should().BeEmpty();
        read.Should().Equal(rows);
    }

    [Fact]
    public void Columns_may_stand_in_any_order_and_optional_ones_may_be_absent()
    {
        using var file = new ScratchFile("r.csv", "gateway,meter,meter_kind,household,building,dwelling,heating,neighbourhood,time_zone,installed_from\ngw-1,m-1,main,h-1,b,house,other,Issy,Europe/Paris,2024-01-01T00:00:00Z\n");

        var row = RegistryFile.Read(file.Path).Rows.Single();

        row.Household.Should().Be(new Household(HouseholdId.Parse("h-1"), "b", DwellingKind.House, HeatingKind.Other, null, null));
    }

    [Fact]
    public void Every_bad_cell_of_every_row_is_reported()
    {
        using var file = new ScratchFile("r.csv", Header
            + "Issy,Paris,b,h 1,flat,gas,0,two,m 1,meter,GW,2024-01-01,\n" + Home
            + "Issy,Europe/Paris,b-01,h-2,apartment,electric,45,2,m-2,main,gw-0002,2024-01-01T00:00:00Z,2023-01-01T00:00:00Z\n");

        var (rows, errors) = RegistryFile.Read(file.Path);

        rows.Should().ContainSingle();
        errors.Where(e => e.Line == 2).Select(e => e.Column).Should().BeEquivalentTo(
            "time_zone", "household", "dwelling", "heating", "area_m2", "occupants", "meter", "meter_kind", "gateway", "installed_from");
        errors.Should().Contain(e => e.Column == "heating" && e.What == "'gas' is none of electric, other.");
        errors.Single(e => e.Line == 4).ToString().Should().StartWith("line 4, column installed_to: it does not lie after the start");
    }

    [Theory]
    [InlineData("Issy,Europe/Paris,b-01,h-1,apartment,other,45,2,m-2,main,gw-0001,2024-01-01T00:00:00Z,\n", "household", "*h-1 is described*line 2*")]
    [InlineData("Issy,Europe/Paris,b-01,h-1,apartment,electric,45,2,m-1,main,gw-0002,2025-01-01T00:00:00Z,\n", "installed_from", "*at gateway gw-0001 until further notice (line 2)*")]
    [InlineData("Vanves,Europe/Paris,b-01,h-2,apartment,electric,45,2,m-2,main,gw-0001,2024-01-01T00:00:00Z,\n", "neighbourhood", "*one neighbourhood*")]
    [InlineData("Issy,Europe/London,b-01,h-2,apartment,electric,45,2,m-2,main,gw-0001,2024-01-01T00:00:00Z,\n", "time_zone", "*one time zone*")]
    [InlineData("Issy,Europe/Paris,,,,,,,m-2,main,gw-0001,2024-01-01T00:00:00Z,\n", "household", "*a main meter belongs to a household*")]
    [InlineData("Issy,Europe/Paris,,,,,45,,m-2,feeder,gw-0001,2024-01-01T00:00:00Z,\n", "area_m2", "*leave it empty*")]
    [InlineData("Issy,Europe/Paris,b-01\n", null, "3 cells where the header has 13*")]
    public void What_does_not_fit_the_other_rows_is_reported_with_its_line(string row, string? column, string expected)
    {
        using var file = new ScratchFile("r.csv", Header + Home + row);

        var error = RegistryFile.Read(file.Path).Errors[0];

        (error.Line, error.Column).Should().Be((3L, column));
        error.What.Should().Match(expected);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-9000")]
    [InlineData("9 kVA")]
    [InlineData("100000001")]
    public void A_greatest_power_is_a_whole_number_of_watts_up_to_100_MW(string watts)
    {
        using var file = new ScratchFile("r.csv", Header.Replace("\n", ",max_power_w\n", StringComparison.Ordinal) + Home.Replace("\n", $",{watts}\n", StringComparison.Ordinal));

        var error = RegistryFile.Read(file.Path).Errors.Should().ContainSingle().Subject;

        error.Column.Should().Be("max_power_w");
        error.What.Should().Contain("watts from 1 to 100000000");
    }

    [Theory]
    [InlineData("main", "f 1", "'f 1' is no meter name*")]
    [InlineData("main", "m-1", "m-1 cannot hang behind itself.")]
    [InlineData("sub-meter", "f-1", "a sub-meter hangs behind a main meter*")]
    [InlineData("main", "m-2", "m-2 is a street-lighting meter: name a meter of kind feeder.")]
    public void What_a_meter_hangs_behind_is_a_feeder(string kind, string feeder, string expected)
    {
        using var file = new ScratchFile("r.csv", Header.Replace("\n", ",feeder\n", StringComparison.Ordinal)
            + Home.Replace("main", kind, StringComparison.Ordinal).Replace("\n", $",{feeder}\n", StringComparison.Ordinal)
            + "Issy,Europe/Paris,,,,,,,m-2,street-lighting,gw-0001,2024-01-01T00:00:00Z,,elsewhere\n");

        var error = RegistryFile.Read(file.Path).Errors.Should().ContainSingle().Subject;

        error.Column.Should().Be("feeder");
        error.What.Should().Match(expected);
    }

    [Fact]
    public void In_json_the_line_is_where_the_object_begins()
    {
        using var file = new ScratchFile("r.json", """
            [
              { "neighbourhood": "Issy", "timeZone": "Europe/Paris", "meter": "f-1", "meterKind": "feeder", "gateway": "gw-1",
                "installedFrom": "2024-01-01T00:00:00Z" },
              { "neighbourhood": "Issy", "timeZone": "Europe/Paris", "meter": "f-2", "meterKind": "feeder", "gateway": "gw-1",
                "installedFrom": "soon", "areaM2": "45", "colour": "red", "maxPowerW": "9 kW" }
            ]
            """);

        var (rows, errors) = RegistryFile.Read(file.Path);

        rows.Should().ContainSingle();
        errors.Select(e => (e.Line, e.Column)).Should().BeEquivalentTo([(4L, "installedFrom"), (4L, "areaM2"), (4L, "colour"), (4L, "maxPowerW")]);
    }

    [Theory]
    [InlineData("r.csv", "", "*it is empty*")]
    [InlineData("r.csv", Header, "*holds no rows*")]
    [InlineData("r.csv", "household,meter\n", "*line 1: columns are missing: neighbourhood, time_zone,*")]
    [InlineData("r.csv", "household,colour\n", "*line 1, column colour: no such column*")]
    [InlineData("r.json", "{}", "*line 1:*array of objects*")]
    [InlineData("r.json", "[\n{\"a\":]", "*line 2: it is no JSON*")]
    public void A_file_that_is_no_registry_is_refused_as_a_whole(string name, string content, string expected)
    {
        using var file = new ScratchFile(name, content);

        FluentActions.Invoking(() => RegistryFile.Read(file.Path)).Should().Throw<FileFaultException>().WithMessage(expected);
    }
}
