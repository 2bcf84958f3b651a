using Grid.Wire;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>The commands as an operator types them.</summary>
public class CommandTests
{
    [Fact]
    public async Task A_registry_file_with_faults_is_refused_whole_and_every_bad_row_is_named()
    {
        await using var grid = new ServedGrid();
        var file = grid.RegistryFile(Homes.Behind(Homes.NewGateway(), ["h-1", "h-2", "h-3"]));
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        lines[1] = lines[1].Replace("apartment", "castle", StringComparison.Ordinal);
        lines[3] = lines[3].Replace("electric", "coal", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(file, lines, TestContext.Current.CancellationToken);

        var (exit, output) = await grid.CommandAsync("registry", "import", file);

        exit.Should().Be(2);
        output.Should().Contain("line 2").And.Contain("castle").And.Contain("line 4").And.Contain("coal").And.Contain("nothing was imported");
        (await grid.CommandAsync("user", "create", "r@grid.example", "--role", "resident", "--household", "h-2")).Output.Should().Contain("There is no household h-2");
    }

    [Fact]
    public async Task The_template_names_every_column()
    {
        await using var grid = new ServedGrid();

        var (exit, output) = await grid.CommandAsync("registry", "template");

        exit.Should().Be(0);
        output.Should().ContainAll(RegistryColumns.All.Select(c => c.Name));
    }

    [Fact]
    public async Task Accounts_and_secrets_are_made_once_and_replaced_on_request()
    {
        await using var grid = new ServedGrid();
        var gateway = Homes.NewGateway();
        await grid.SetUpAsync(Homes.Behind(gateway, ["h-1"]));

        (await grid.CommandAsync("gateway", "create", gateway.Value)).ExitCode.Should().Be(2);
        (await grid.CommandAsync("gateway", "create", "--all", "--json")).ExitCode.Should().Be(2, "a second run must not overwrite the secrets of the first with nothing");
        (await grid.CommandAsync("gateway", "create", "--jsn")).Output.Should().Contain("no gateway '--jsn'");
        (await grid.CommandAsync("gateway", "revoke", "gw-mistyped")).Output.Should().Contain("no gateway 'gw-mistyped'");
        (await grid.CommandAsync("gateway", "rotate", gateway.Value)).ExitCode.Should().Be(0);
        (await grid.CommandAsync("gateway", "revoke", gateway.Value)).ExitCode.Should().Be(0);
        var (all, said) = await grid.CommandAsync("gateway", "create", "--all");
        all.Should().Be(2, "a revoked gateway is let in again by its name alone");
        said.Should().Contain("Every gateway has a secret or is revoked");
        (await grid.CommandAsync("gateway", "create", gateway.Value)).ExitCode.Should().Be(0);
        (await grid.CommandAsync("user", "create", "r@grid.example", "--role", "resident", "--household", "h-1")).ExitCode.Should().Be(0);
        (await grid.CommandAsync("user", "create", "r@grid.example", "--role", "resident", "--household", "h-1")).ExitCode.Should().Be(2);
        (await grid.CommandAsync("user", "reset", "r@grid.example")).ExitCode.Should().Be(0);
        (await grid.CommandAsync("user", "reset", "nobody@grid.example")).ExitCode.Should().Be(2);
    }

    [Theory]
    [InlineData("Store__Kind", "Oracle", "Grid:Store:Kind")]
    [InlineData("Url", "http://0.0.0.0:80", "Grid:Url")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence(string key, string value, string named)
    {
        await using var grid = new ServedGrid((key, value));

        var (exit, output) = await grid.CommandAsync();

        exit.Should().Be(2);
        output.Should().Contain(named).And.NotContain("   at ", "a stack trace helps nobody here");
    }

    [Fact]
    public async Task A_word_that_is_no_command_is_a_fault_of_the_call()
    {
        await using var grid = new ServedGrid();

        (await grid.CommandAsync("dance")).ExitCode.Should().Be(2);
        (await grid.CommandAsync("demo", "--households", "0")).ExitCode.Should().Be(2);
        (await grid.CommandAsync("--help")).Output.Should().Contain("registry").And.Contain("gateway").And.Contain("demo");
    }
}
