namespace Grid.Faults;

/// <summary>A mistake that the seeded copy of src makes when it is asked to, and the row that must fail then.</summary>
internal sealed record SeededBug(string Name, string Row, Pair Pair = Pair.Embedded, int Seed = 1);

/// <summary>The suite's own proof: rows that cannot fail prove nothing.</summary>
internal static class SeededBugs
{
    private const string Switch = "GRID_SEEDED_BUG";

    public static IReadOnlyList<SeededBug> All { get; } =
    [
    ];

    /// <summary>Each bug must make its row fail.</summary>
    public static async Task<int> CatchAsync(IReadOnlyList<string> only, SuiteFiles files, CancellationToken ct)
    {
        var wanted = All.Where(b => only.Count == 0 || only.Contains(b.Name, StringComparer.Ordinal)).ToList();
        var caught = 0;
        foreach (var bug in wanted)
        {
            Environment.SetEnvironmentVariable(Switch, bug.Name);
            var result = await Suite.OnceAsync(AllRows.InOrder.Single(r => r.Id == bug.Row), bug.Pair, bug.Seed, files, ct);
            Environment.SetEnvironmentVariable(Switch, null);
            if (!result.Held) caught++;
            var how = result.Held ? "" : result.Breaches[0].Split('\n')[0];
            Console.WriteLine($"seeded bug {bug.Name}: {(result.Held ? "NOT CAUGHT" : "caught")} by {bug.Row} ({result.Seconds:0.0} s){(how.Length == 0 ? "" : ": " + how[..Math.Min(160, how.Length)])}");
        }

        Console.WriteLine($"{caught} of {wanted.Count} seeded bugs caught");
        return caught == wanted.Count ? 0 : 1;
    }
}
