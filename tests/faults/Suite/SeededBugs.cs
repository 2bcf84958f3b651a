namespace Grid.Faults;

/// <summary>A mistake that the seeded copy of src makes when it is asked to, and the row that must fail then.</summary>
internal sealed record SeededBug(string Name, Func<Row> Row, Pair Pair = Pair.Embedded, int Seed = 1);

/// <summary>The suite's own proof: rows that cannot fail prove nothing.</summary>
internal static class SeededBugs
{
    private const string Switch = "GRID_SEEDED_BUG";

    public static IReadOnlyList<SeededBug> All { get; } =
    [
        new("ack-before-commit", () => new F02Failpoints("before-append")),
        new("trim-before-store", () => new F02Failpoints("before-store", "mid-store-batch")),
        new("journal-not-synced", () => new F04PowerCut()),
        new("store-not-synced", () => new F04PowerCut()),
        new("registry-rolls-back", () => new F04PowerCut()),
        new("no-checksum", () => new F06BitFlip()),
        new("drop-oldest", () => new F09StoreDiskFull()),
        new("marked-before-store", () => new F12StoreAway()),
        new("skips-after-failure", () => new F12StoreAway()),
        new("group-by-group", () => new F12StoreAway()),
        new("no-bisect", () => new F15PartialWrite(), Pair.MosquittoInflux),
        new("retry-forever", () => new F15PartialWrite(), Pair.MosquittoInflux),
        new("fault-dropped", () => new F20Poison()),
        new("duplicates-not-counted", () => new F24Duplicates()),
        new("ack-ahead", () => new F25Order()),
        new("backfill-never-asked", () => new F25Order()),
        new("marks-skipped", () => new F25Order()),
        new("number-reused", () => new F25Order()),
        new("conflict-overwrites", () => new F26Conflict()),
        new("falling-accepted", () => new F29Registers()),
    ];

    /// <summary>True while a row runs that must fail.</summary>
    public static bool IsSeeded => Environment.GetEnvironmentVariable(Switch) is not null;

    /// <summary>Each bug must make its row fail.</summary>
    public static async Task<int> CatchAsync(IReadOnlyList<string> only, SuiteFiles files, CancellationToken ct)
    {
        var wanted = All.Where(b => only.Count == 0 || only.Contains(b.Name, StringComparer.Ordinal)).ToList();
        var caught = 0;
        foreach (var bug in wanted)
        {
            Environment.SetEnvironmentVariable(Switch, bug.Name);
            var row = bug.Row();
            var result = await Suite.OnceAsync(row, bug.Pair, bug.Seed, files, ct);
            Environment.SetEnvironmentVariable(Switch, null);
            if (!result.Held) caught++; // by its breaches; a row that cannot run catches nothing
            var how = result.Held ? "" : result.Breaches[0].Split('\n')[0];
            Console.WriteLine($"seeded bug {bug.Name}: {(result.Held ? "NOT CAUGHT" : "caught")} by {row.Id} ({result.Seconds:0.0} s){(how.Length == 0 ? "" : ": " + how[..Math.Min(160, how.Length)])}");
        }

        Console.WriteLine($"{caught} of {wanted.Count} seeded bugs caught");
        return caught == wanted.Count ? 0 : 1;
    }
}
