using System.Reflection;

namespace Grid.UnitTests;

/// <summary>What tests/faults puts into its copy of src fits src, and stays out of what users run.</summary>
public class SeedsTests
{
    [Fact]
    public void Every_line_that_the_fault_suite_hangs_something_on_stands_there_once()
    {
        string[] lines = [];
        foreach (var seed in File.ReadLines(Path.Combine(Checkout.Root, "tests", "faults", "Seeds", "seeds.txt")))
        {
            if (seed.StartsWith("@ ", StringComparison.Ordinal)) lines = File.ReadAllLines(Path.Combine(Checkout.Root, seed[2..]));
            if (seed.StartsWith("= ", StringComparison.Ordinal)) lines.Count(l => l.Trim() == seed[2..]).Should().Be(1, seed);
        }
    }

    [Theory]
    [InlineData("Grid.Domain")]
    [InlineData("Grid.Ingest")]
    [InlineData("Grid.Storage")]
    public void What_users_run_has_no_failpoint(string part) =>
        Assembly.Load(part).GetTypes().Select(t => t.Name).Should().NotContain("Seeded").And.NotContain(name => name.Contains("Failpoint", StringComparison.Ordinal));
}
