using Grid.Domain;
using Grid.FirmwareSim;
using Grid.UnitTests.Wire;
using Grid.Wire;

namespace Grid.UnitTests.FirmwareSim;

public sealed class ScenarioRunTests : IAsyncLifetime
{
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Theory]
    [InlineData("quiet-day")]
    [InlineData("duplicates")]
    [InlineData("lossy")]
    [InlineData("outage")]
    [InlineData("rogue")]
    public async Task What_arrives_is_what_the_script_says_and_the_log_tells_all_of_it(string name)
    {
        var ct = TestContext.Current.CancellationToken;
        using var file = new ScratchFile("log");
        var scenario = ScenarioFile.Open(name);
        RunSummary summary;
        await using (var log = new RunLogWriter(file.Path, scenario.Name, scenario.Seed, scenario.Start))
        await using (var run = new ScenarioRun(scenario, new() { Port = _broker.Port, SecretOf = _ => TestBroker.Secret, Log = log, Epoch = 7, Window = 32, AckWait = TimeSpan.Zero }, TimeProvider.System))
            summary = await run.RunAsync(null, ct);

        summary.Failed.Should().BeEmpty();
        var script = new Script(scenario);
        var sent = script.Gateways.SelectMany(g => g.Actions().Where(a => a.Message is not null && a.Step != ScriptStep.Make).Select(a => (g.Name, a.Message!))).DistinctBy(m => (m.Name, m.Item2.Number)).ToArray();
        _broker.Received.Where(m => Topics.TryParse(m.Topic, out _, out var kind) && kind is TopicKind.Readings or TopicKind.P1)
            .Select(m => $"{m.Topic} {Convert.ToHexString(m.Payload)}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Should().Equal(sent.Select(m => $"{Topics.Of(m.Name, m.Item2.Kind)} {Convert.ToHexString(m.Item2.Encode(7, m.Item2.Number))}")
                .Concat(script.Gateways.SelectMany(g => g.Actions()).Where(a => a.Raw is not null && a.Raw.Topic.EndsWith("/readings", StringComparison.Ordinal)).Select(a => $"{a.Raw!.Topic} {Convert.ToHexString(a.Raw.Payload)}")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var told = RunLog.Read(file.Path);
        told.Sent.Should().HaveCount(sent.Length).And.OnlyContain(s => s.IsPubAcked);
        summary.Messages.Should().Be(sent.Length);
        summary.RawRefused.Should().Be(summary.Raw);
    }

    [Fact]
    public async Task A_rogue_that_is_off_the_net_is_not_waited_for()
    {
        var ct = TestContext.Current.CancellationToken;
        var scenario = ScenarioFile.Open("rogue");
        scenario = scenario with { Faults = [.. scenario.Faults, new() { Kind = FaultKind.Outage, From = Duration.FromHours(2), To = Duration.FromHours(22) }] };
        await using var run = new ScenarioRun(scenario, new() { Port = _broker.Port, SecretOf = _ => TestBroker.Secret, Window = 32, AckWait = TimeSpan.Zero }, TimeProvider.System);

        var summary = await run.RunAsync(null, ct).WaitAsync(TimeSpan.FromSeconds(60), ct);

        summary.Failed.Should().BeEmpty();
        summary.Raw.Should().BePositive();
        summary.RawRefused.Should().Be(summary.Raw);
    }

    [Fact]
    public async Task It_ends_when_it_is_cancelled_though_the_broker_is_gone()
    {
        var scenario = ScenarioFile.Open("quiet-day");
        await using var run = new ScenarioRun(scenario, new() { Port = _broker.Port, SecretOf = _ => TestBroker.Secret }, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _broker.Cuts = topic => topic.EndsWith("/readings", StringComparison.Ordinal);

        var running = run.RunAsync(null, stop.Token);
        await TestBroker.UntilAsync(() => _broker.On("readings").Count > 5);
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => running.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None)).Should().ThrowAsync<OperationCanceledException>();
    }
}
