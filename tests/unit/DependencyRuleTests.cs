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

        parts.Where(part => ReferencesOf(part).Contains(library)).Should().BeSubsetOf(allowed.Split(' ')).And.NotBeEmpty();
    }

    [Fact]
    public void The_simulator_serves_the_demo_and_nothing_else_of_the_server()
    {
        var server = typeof(Program).Assembly;
        var users = server.GetTypes()
            .Where(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .SelectMany(method => method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType))
                .Any(used => used.Assembly.GetName().Name == "Grid.FirmwareSim"))
            .Select(type => type.Name.TrimStart('<').Split('>', '`')[0]);

        users.Should().OnlyContain(name => name.StartsWith("Demo", StringComparison.Ordinal) || name.Length == 0 || !char.IsUpper(name[0]) || name == "Told");
    }

    private static IEnumerable<string> ReferencesOf(string part) => Assembly.Load(part).GetReferencedAssemblies().Select(a => a.Name!);
}
