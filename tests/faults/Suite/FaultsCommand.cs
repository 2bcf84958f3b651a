using System.CommandLine;

namespace Grid.Faults;

/// <summary>The command line of the suite.</summary>
internal static class FaultsCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var whole = new Option<bool>("--whole") { Description = "Every row as often as the plan says; goes on where it was stopped." };
        var again = new Option<bool>("--again") { Description = "With --whole: forget what was done, and start over." };
        var row = new Option<string[]>("--row") { Description = "Only these rows, such as F07.", AllowMultipleArgumentsPerToken = true };
        var n = new Option<int?>("--n") { Description = "With --row: how many faults." };
        var seed = new Option<int?>("--seed") { Description = "With --row: this seed alone, to replay a failure." };
        var pair = new Option<string?>("--pair") { Description = "embedded, or mosquitto+influx." };
        var bug = new Option<string[]>("--bug") { Description = "Only these seeded bugs; each must be caught.", AllowMultipleArgumentsPerToken = true };
        var bugs = new Option<bool>("--bugs") { Description = "The suite's own proof: all seeded bugs." };
        var list = new Option<bool>("--list") { Description = "The rows and the seeded bugs." };
        var root = new RootCommand(
            """
            Injects the faults of the matrix into Grid and holds what is stored against what was acknowledged. Without an option: a sample, then the seeded bugs.
            Exit codes: 0 all held, 1 something did not, 2 wrong options.
            """) { whole, again, row, n, seed, pair, bug, bugs, list };
        root.SetAction((p, ct) =>
        {
            if (p.GetValue(list)) return Task.FromResult(Suite.List());
            var wanted = new Wanted(p.GetValue(row) ?? [], PairOf(p.GetValue(pair)), p.GetValue(n), p.GetValue(seed));
            return Suite.RunAsync(wanted, p.GetValue(whole), p.GetValue(again), p.GetValue(bugs), p.GetValue(bug) ?? [], ct);
        });
        var parsed = root.Parse(args);
        var code = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
        return parsed.Errors.Count > 0 ? 2 : code;
    }

    private static Pair? PairOf(string? text) => text switch { null => null, "embedded" => Pair.Embedded, _ => Pair.MosquittoInflux };
}

/// <summary>Which part of the matrix.</summary>
internal sealed record Wanted(IReadOnlyList<string> Rows, Pair? Pair, int? N, int? Seed);
