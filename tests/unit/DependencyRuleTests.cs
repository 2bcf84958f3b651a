using System.Reflection;

namespace Grid.UnitTests;

/// <summary>Who may know whom: the walls of the design, read from the assemblies themselves.</summary>
public class DependencyRuleTests
{
    [Theory]
    [InlineData("Grid.Domain", "")]
    [InlineData("Grid.Wire", "Grid.Domain")]
    [InlineData("Grid.Ingest", "Grid.Domain Grid.Wire")]
    [InlineData("Grid.Storage", "Grid.Domain")]
    [InlineData("Grid.Analytics", "Grid.Domain")]
    [InlineData("Grid.Jobs", "Grid.Domain Grid.Analytics")]
    [InlineData("Grid.Portal", "Grid.Domain Grid.Analytics")]
    [InlineData("Grid.FirmwareSim", "Grid.Domain Grid.Wire")]
    public void A_part_knows_no_more_of_ours_than_the_design_allows(string part, string allowed) =>
        ReferencesOf(part).Where(name => name.StartsWith("Grid.", StringComparison.Ordinal)).Should().BeSubsetOf(allowed.Split(' '));

    [Theory]
    [InlineData("MQTTnet", "Grid.Ingest Grid.FirmwareSim")]
    [InlineData("FluentValidation", "Grid.Ingest")]
    [InlineData("Quartz", "Grid.Jobs")]
    [InlineData("MathNet.Numerics", "Grid.Analytics")]
    [InlineData("Microsoft.EntityFrameworkCore", "Grid.Storage")]
    public void A_library_stays_in_the_part_that_it_serves(string library, string allowed)
    {
        string[] parts = ["Grid.Domain", "Grid.Wire", "Grid.Ingest", "Grid.Storage", "Grid.Analytics", "Grid.Jobs", "Grid.Portal", "Grid.Server", "Grid.FirmwareSim"];

        parts.Where(part => ReferencesOf(part).Any(name => name == library)).Should().BeSubsetOf(allowed.Split(' ')).And.NotBeEmpty();
    }

    [Fact]
    public void The_server_uses_the_simulator_for_the_demo_alone()
    {
        var server = new DirectoryInfo(Path.Combine(Checkout.Root, "src", "Grid.Server"));

        server.EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file.FullName).Contains("Grid.FirmwareSim", StringComparison.Ordinal))
            .Should().OnlyContain(file => file.Directory!.Name == "Demo").And.NotBeEmpty();
    }

    private static IEnumerable<string> ReferencesOf(string part) => Assembly.Load(part).GetReferencedAssemblies().Select(a => a.Name!);
}
