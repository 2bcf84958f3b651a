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
        (await grid.CommandAsync("user", "create", "next@grid.example", "--role", "resident", "--household", "h-1", "--from", "2026-07-01")).Output.Should().Contain("1 other account of h-1 did not move out");
        (await grid.CommandAsync("user", "move-out", "r@grid.example", "--household", "h-1", "--on", "2099-07-01")).Output.Should().Contain("r@grid.example sees no day of h-1 from 2099-07-01 on.");
        (await grid.CommandAsync("user", "move-out", "r@grid.example", "--household", "h-1", "--on", "2099-08-01")).Output.Should().Contain("moved out of h-1 already");
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
    public async Task A_registry_that_does_not_answer_is_said_in_a_sentence_that_names_its_setting()
    {
        var port = Servers.GridProcess.FreePort();
        await using var grid = new ServedGrid(("Registry__Kind", "PostgreSql"), ("Registry__ConnectionString", $"Host=127.0.0.1;Port={port};Username=grid;Password=p;Database=grid"));

        foreach (var (exit, output) in (List<(int, string)>)[await grid.CommandAsync(), await grid.CommandAsync("gateway", "create", "--all")])
        {
            exit.Should().Be(1);
            output.Should().Contain("PostgreSQL does not answer").And.Contain("Grid:Registry:ConnectionString").And.NotContain("   at ");
        }
    }

    [Fact]
    public async Task Databases_are_their_owners_alone_even_in_a_folder_that_others_may_enter()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        var folder = Directory.CreateTempSubdirectory("grid-open-").FullName;
        await using var grid = new ServedGrid(("DataDirectory", folder));
        await grid.StartAsync();
        await grid.StopAsync();

        var files = Directory.GetFiles(folder, "*.db");
        files.Select(Path.GetFileName).Should().Contain(["journal.db", "readings.db", "registry.db", "jobs.db"]);
        foreach (var file in files)
            if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Gateways_are_not_rotated_where_Mosquittos_files_lack_the_others()
    {
        await using var grid = new ServedGrid(("Broker__Kind", "External"), ("Broker__User", "ingest"), ("Broker__Password", "p"));
        var (ours, theirs) = (Homes.NewGateway(), Homes.NewGateway());
        await grid.SetUpAsync(Homes.Behind(ours, ["h-1"]));
        await grid.SetUpAsync(Homes.Behind(theirs, ["h-2"]));
        var passwd = Path.Combine(grid.DataDirectory, "mosquitto", "passwd");
        var lines = await File.ReadAllLinesAsync(passwd, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(passwd, lines.Where(l => !l.StartsWith(theirs.Value, StringComparison.Ordinal)), TestContext.Current.CancellationToken);

        var (exit, output) = await grid.CommandAsync("gateway", "rotate", ours.Value);

        exit.Should().Be(2);
        output.Should().Contain($"lacks {theirs}");
        (await grid.CommandAsync("gateway", "revoke", ours.Value)).Output.Should().Contain("Mosquitto lets revoked gateways in until");
        (await grid.CommandAsync("gateway", "rotate", theirs.Value)).ExitCode.Should().Be(0);
        lines.Should().Contain(l => l.StartsWith("ingest:$7$20000$", StringComparison.Ordinal), "a person may have chosen that password");
    }

    [Fact]
    public async Task A_node_without_the_portal_says_so_instead_of_asking_for_a_login()
    {
        await using var grid = new ServedGrid(("Roles", "broker,ingest"));
        await grid.StartAsync();
        using HttpClient http = new() { BaseAddress = grid.Url };

        using var answer = await http.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().StartWith("This node has no portal");
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
