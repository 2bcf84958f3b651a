using System.Diagnostics;
using System.Globalization;
using Grid.Domain;
using Grid.IntegrationTests.Servers;
using Grid.Storage;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Two processes with the jobs role share a schedule in PostgreSQL.</summary>
public class TwoJobNodesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_killed_in_the_middle_of_the_reports_leaves_one_result_a_period_and_the_other_finishes()
    {
        await using var postgres = await RealPostgres.StartAsync();
        await using var alone = await PeriodsBench.StartAsync(clock: TimeProvider.System);
        await alone.FillAsync();
        await alone.RunAsync(Stop);
        RegistryOptions shared = new() { Kind = RegistryKind.PostgreSql, ConnectionString = postgres.ConnectionString };
        await using var registry = await PeriodsBench.StartAsync(shared, TimeProvider.System);
        await registry.FillAsync();
        var runs = registry.Get<IJobRuns>();
        (string, string)[] settings = [("Roles", "jobs"), ("Registry__Kind", "PostgreSql"), ("Registry__ConnectionString", postgres.ConnectionString)];
        await using ServedGrid one = new(settings), other = new(settings);
        var started = Task.WhenAll(one.StartAsync(), other.StartAsync());

        JobRun? reporting = null;
        await Eventually.BecomesTrueAsync("a report was begun", TimeSpan.FromSeconds(180), async ct =>
            (reporting = (await runs.RecentAsync(1_000, ct)).FirstOrDefault(r => r is { Job: "reports", State: RunState.Running })) is not null, Stop);
        using (var runner = Process.GetProcessById(int.Parse(reporting!.Node.Split('/')[1], CultureInfo.InvariantCulture))) runner.Kill();
        await IgnoreTheKilledAsync(started);

        var expected = await alone.EverythingAsync();
        await Eventually.BecomesTrueAsync("the other node had finished", TimeSpan.FromSeconds(240), async _ => (await registry.EverythingAsync()).Count >= expected.Count, Stop);
        (await registry.EverythingAsync()).Should().Equal(expected);
        var all = await runs.RecentAsync(1_000, Stop);
        // A month that too few homes count in is looked at once more, and then taken as it is: other inputs.
        all.Where(r => r.State is RunState.Committed).GroupBy(r => (r.Job, r.Period, r.Inputs)).Should().OnlyContain(period => period.Count() == 1);
        all.Select(r => r.Node).Distinct(StringComparer.Ordinal).Should().HaveCount(2);
    }

    private static async Task IgnoreTheKilledAsync(Task started)
    {
        try
        {
#pragma warning disable VSTHRD003 // it was begun by the test
            await started;
#pragma warning restore VSTHRD003
        }
        catch (InvalidOperationException)
        {
            // It was killed before it was ready.
        }
    }
}
