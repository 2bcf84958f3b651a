using System.Text.RegularExpressions;
using Grid.IntegrationTests.Pipeline;

namespace Grid.IntegrationTests.Grafana;

/// <summary>An alert on a metric that is not there never fires.</summary>
public partial class AlertRuleTests
{
    [Fact]
    public async Task Every_metric_that_an_alert_or_the_README_names_is_there_from_the_start()
    {
        await using var grid = await RunningGrid.StartAsync(new Parts());
        using var http = new HttpClient { BaseAddress = grid.Url };
        var there = Sample().Matches(await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);

        var alerted = Names("grafana/provisioning/alerting/grid.yaml");
        alerted.Should().HaveCountGreaterThan(6);
        there.Should().Contain(alerted).And.Contain(Names("src/Grid.Server/README.md"));
    }

    [Fact]
    public void A_node_in_trouble_is_not_hidden_by_those_that_are_well() =>
        File.ReadAllText(Path.Combine(Root(), "grafana/provisioning/alerting/grid.yaml")).Should().NotMatchRegex(@"expr: (min|avg)\b").And.Contain("expr: grid_broker_connected");

    private static IEnumerable<string> Names(string file) =>
        Name().Matches(File.ReadAllText(Path.Combine(Root(), file))).Select(m => m.Value).Distinct(StringComparer.Ordinal);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Grid.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"^grid_\w+", RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\bgrid_(ingest|broker|gateways|quarantine|gaps|invariants)\w*", RegexOptions.None | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Name();
}
