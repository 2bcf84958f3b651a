using Grid.FirmwareSim;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Scenarios of the simulator against the whole server, held against their truth.</summary>
public sealed class ScenarioTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("grid-scenario-");

    [Theory]
    [InlineData("quiet-day")]
    [InlineData("duplicates")]
    [InlineData("register-trouble")]
    [InlineData("corrupt")]
    [InlineData("rogue")]
    public async Task A_scenario_loses_doubles_changes_and_makes_up_nothing(string name)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var grid = await RunningGrid.StartAsync(new Parts { MaxAge = TimeSpan.FromDays(9_000) });
        var scenario = ScenarioFile.Open(name);
        var script = new Script(scenario);
        await grid.RegisterAsync(
            new("Test neighbourhood", scenario.TimeZone, [.. script.Registry.Where(r => r.Household is not null).Select(r => r.Household!).DistinctBy(h => h.Id)], [.. script.Registry.Select(r => r.Meter)]),
            Homes.Secret);

        var file = Path.Combine(_directory.FullName, "log");
        await using (var log = new RunLogWriter(file, scenario.Name, scenario.Seed, Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow())))
        await using (var run = new ScenarioRun(scenario, new() { Port = grid.MqttPort, SecretOf = _ => Homes.Secret, Log = log }, TimeProvider.System))
            (await run.RunAsync(null, ct)).Failed.Should().BeEmpty();

        using var operators = await grid.OperatorAsync();
        var report = await new Verification(Truth.Of(script), RunLog.Read(file), new(operators), TimeProvider.System).RunAsync(TimeSpan.FromSeconds(60), ct);
        report.Findings.Should().BeEmpty();
        report.Acknowledged.Should().Be(report.Sent).And.BePositive();
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
