using System.Text.RegularExpressions;

namespace Grid.UnitTests.Grafana;

/// <summary>Provisioning names the environment's variables and holds nothing of it.</summary>
public partial class DashboardProvisioningTests
{
    [Theory]
    [InlineData("datasources", "url")]
    [InlineData("datasources", "user")]
    [InlineData("datasources", "dbName")]
    [InlineData("datasources", "password")]
    [InlineData("dashboards", "path")]
    public void What_differs_from_place_to_place_comes_from_the_environment(string kind, string key) =>
        Provisioning.Value(kind, key).Should().MatchRegex(@"^\$GRID_[A-Z_]+$");

    [Fact]
    public void No_file_holds_a_secret() =>
        Provisioning.Lines.Where(line => Secret().IsMatch(line)).Should().NotBeEmpty().And.AllSatisfy(line => line.Should().MatchRegex(@": \$GRID_[A-Z_]+$"));

    [Fact]
    public void The_README_names_every_variable()
    {
        var readme = File.ReadAllText(Path.Combine(Dashboards.Folder, "README.md"));

        foreach (var variable in Provisioning.Lines.SelectMany(line => Variable().Matches(line)).Select(match => match.Value[1..]))
            readme.Should().Contain(variable);
    }

    [GeneratedRegex(@"(password|token|secret|authorization|basicAuth)\w*:\s*\S", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Secret();

    [GeneratedRegex(@"\$GRID_\w+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Variable();
}

/// <summary>The provisioning files: flat enough to read without a YAML library.</summary>
internal static class Provisioning
{
    public static IEnumerable<string> Lines => Directory.GetFiles(Path.Combine(Dashboards.Folder, "provisioning"), "*.yaml", SearchOption.AllDirectories)
        .SelectMany(File.ReadAllLines).Where(line => !line.TrimStart().StartsWith('#'));

    public static string Value(string kind, string key) => File.ReadAllLines(Path.Combine(Dashboards.Folder, "provisioning", kind, "grid.yaml"))
        .Select(line => line.Trim().TrimStart('-').Trim()).Single(line => line.StartsWith(key + ": ", StringComparison.Ordinal))[(key.Length + 2)..];
}
