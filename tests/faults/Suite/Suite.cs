namespace Grid.Faults;

/// <summary>Runs rows seed after seed, prints what each showed, and the table at the end.</summary>
internal static class Suite
{
    private static readonly TimeSpan LongestSeed = TimeSpan.FromMinutes(10);

    public static int List()
    {
        foreach (var row in AllRows.InOrder)
            Console.WriteLine($"{row.Id}  {string.Join(", ", row.On.Select(o => $"{Table.PairText(o.Pair)} x {o.N}")),-44}  {row.Sentence}");
        foreach (var bug in SeededBugs.All) Console.WriteLine($"bug  {bug.Name,-44}  caught by {bug.Row().Id}");
        return 0;
    }

    public static async Task<int> RunAsync(Wanted wanted, bool whole, bool again, bool bugs, IReadOnlyList<string> oneBug, CancellationToken ct)
    {
        var directory = Directory.CreateDirectory(Path.Combine(Environment.GetEnvironmentVariable("GRID_TEST_RUN") ?? Path.GetTempPath(), $"faults-{Environment.ProcessId}")).FullName;
        try
        {
            Say("registering the neighbourhood");
            var neighbourhood = await Neighbourhood.RegisterAsync(Path.Combine(directory, "neighbourhood"), ct);
            if (bugs || oneBug.Count > 0) return await SeededBugs.CatchAsync(oneBug, new(directory, neighbourhood), ct);
            var rows = AllRows.InOrder.Where(r => wanted.Rows.Count == 0 || wanted.Rows.Contains(r.Id, StringComparer.OrdinalIgnoreCase)).ToList();
            StateFile? state = whole ? new(Path.Combine(Environment.GetEnvironmentVariable("GRID_FAULTS_RESULTS") ?? directory, "whole.jsonl")) : null;
            if (again) state?.Forget();
            var results = state?.Read().ToList() ?? [];
            await RunAsync(rows, wanted, whole, state, results, new(directory, neighbourhood), ct);
            Table.Print(rows, results, Console.Out);
            var failed = results.Count(r => !r.Held);
            foreach (var result in results.Where(r => !r.Held)) Console.WriteLine(Failure(result));
            if (failed > 0 || whole || wanted.Rows.Count > 0) return failed > 0 ? 1 : 0;
            return await SeededBugs.CatchAsync([], new(directory, neighbourhood), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 130;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>One seed, in a directory that is gone afterwards.</summary>
    public static async Task<Result> OnceAsync(Row row, Pair pair, int seed, SuiteFiles files, CancellationToken ct)
    {
        var directory = files.NewDirectory();
        var began = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(LongestSeed);
        RowRun run = new(pair, seed, directory, files.Neighbourhood, patience.Token);
        string? skipped = null;
        try
        {
            await row.RunAsync(run);
        }
        catch (SkippedException why)
        {
            skipped = why.Message;
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            run.Check(false, failure.ToString());
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(directory, recursive: true);
        }

        return new(row.Id, pair, seed, row.FaultsASeed, Stopwatch.GetElapsedTime(began).TotalSeconds, run.Breaches, run.Largest, run.Sums, skipped);
    }

    private static async Task RunAsync(List<Row> rows, Wanted wanted, bool whole, StateFile? state, List<Result> results, SuiteFiles files, CancellationToken ct)
    {
        foreach (var row in rows)
        foreach (var (pair, n) in row.On)
        {
            if (wanted.Pair is { } only && only != pair) continue;
            var seeds = Seeds(row, whole ? n : wanted.N, wanted.Seed);
            foreach (var seed in seeds)
            {
                if (results.Exists(r => r.Row == row.Id && r.Pair == pair && r.Seed == seed)) continue;
                var result = await OnceAsync(row, pair, seed, files, ct);
                results.Add(result);
                state?.Append(result);
                Say($"{row.Id} {Table.PairText(pair)} seed {seed}: {(result.Skipped is { } why ? "skipped, " + why : result.Held ? "held" : "FAILED")} ({result.Seconds:0.0} s)");
                if (!result.Held) Say(Failure(result));
            }
        }
    }

    private static IEnumerable<int> Seeds(Row row, int? faults, int? only) =>
        only is { } seed ? [seed] : Enumerable.Range(1, faults is { } n ? Math.Max(1, (n + row.FaultsASeed - 1) / row.FaultsASeed) : row.Sample);

    private static string Failure(Result result) =>
        $"{result.Row} failed on {Table.PairText(result.Pair)}, seed {result.Seed}; again: tests/faults/run --row {result.Row} --pair {Table.PairText(result.Pair)} --seed {result.Seed}\n  "
        + string.Join("\n  ", result.Breaches);

    public static void Say(string text) => Console.Error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss}  {text}");
}

/// <summary>Where seeds put their files, and what they share.</summary>
internal sealed class SuiteFiles(string directory, Neighbourhood neighbourhood)
{
    private int _made;

    public Neighbourhood Neighbourhood => neighbourhood;

    public string NewDirectory() => Directory.CreateDirectory(Path.Combine(directory, $"seed-{++_made}")).FullName;
}
