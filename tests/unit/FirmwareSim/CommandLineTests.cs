using Grid.FirmwareSim;
using Grid.UnitTests.Wire;
using Grid.Wire;

namespace Grid.UnitTests.FirmwareSim;

public class CommandLineTests
{
    private static readonly string Recording = Path.Combine(Checkout.Root, "tests", "cases", "recordings", "made-by-firmware-sim-wide.csv");

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "fleet", "--help")]
    [InlineData(0, "replay", "--help")]
    [InlineData(2)]
    [InlineData(2, "fleet", "--gateways", "0")]
    [InlineData(2, "fleet", "--gateways", "x")]
    [InlineData(2, "fleet", "--time-zone", "Paris")]
    [InlineData(2, "fleet", "--days", "1")]
    [InlineData(2, "fleet", "--no-live", "--speed", "2")]
    [InlineData(2, "replay", "absent.csv", "--gateway", "gw-1")]
    [InlineData(2, "replay", "absent.csv", "--gateway", "GW")]
    public async Task The_exit_code_says_what_became_of_it(int expected, params string[] args) =>
        (await CommandLine.RunAsync(args, TimeProvider.System)).Should().Be(expected);

    [Fact]
    public async Task A_broker_that_is_not_there_fails_the_fleet()
    {
        using var credentials = new ScratchFile("c.json", """[{"gateway":"gw-0001","secret":"s"}]""");

        (await CommandLine.RunAsync(["fleet", "--gateways", "1", "--port", "1", "--no-live", "--credentials", credentials.Path], TimeProvider.System)).Should().Be(1);
    }

    [Theory]
    [InlineData("fleet", "--gateways", "7")]
    [InlineData("replay", "RECORDING", "--gateway", "gw-rec")]
    [InlineData("replay", "RECORDING", "--dwelling", "apartment", "--heating", "electric", "--shift-to-now")]
    public async Task The_registry_it_writes_can_be_imported(params string[] args)
    {
        using var file = new ScratchFile("registry.json");

        var exit = await CommandLine.RunAsync([.. args.Select(a => a is "RECORDING" ? Recording : a), "--registry-out", file.Path], TimeProvider.System);

        exit.Should().Be(0);
        var (rows, errors) = RegistryFile.Read(file.Path);
        errors.Should().BeEmpty();
        rows.Should().HaveCount(args[0] is "fleet" ? 7 : 3);
    }

    [Theory]
    [InlineData("{}", "*no list of*")]
    [InlineData("[{\"gateway\":\"GW\",\"secret\":\"s\"}]", "*no gateway name*")]
    [InlineData("[\n{\"gateway\"", "*line 2: it is no JSON*")]
    [InlineData("[{\"gateway\":\"gw-1\",\"secret\":\"a\"},{\"gateway\":\"gw-1\",\"secret\":\"b\"}]", "*stands twice*")]
    public void Credentials_of_another_layout_are_refused(string content, string expected)
    {
        using var file = new ScratchFile("c.json", content);

        FluentActions.Invoking(() => Credentials.Read(file.Path)).Should().Throw<FileFaultException>().WithMessage(expected);
    }
}
