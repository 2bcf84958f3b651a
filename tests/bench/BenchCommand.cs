using System.CommandLine;

namespace Grid.Benchmarks;

/// <summary>The command line of the bench.</summary>
internal static class BenchCommand
{
    public static async Task<int> RunAsync(string[] args, TimeProvider clock)
    {
        var requireGoals = new Option<bool>("--require-goals") { Description = "A goal that is not met is an error (exit code 3).", Recursive = true };
        var runs = new Option<int>("--runs") { Description = "Runs of each figure; the table has their medians.", DefaultValueFactory = _ => 3 };
        var readings = new Option<long>("--readings") { Description = "Readings of each run; fewer than 2,000,000 measure the warm-up.", DefaultValueFactory = _ => 2_000_000 };
        var sizes = new Option<int[]>("--sizes") { Description = "Readings a message.", DefaultValueFactory = _ => [20, 1], AllowMultipleArgumentsPerToken = true };
        var inFlight = new Option<int>("--in-flight") { Description = "Mosquitto's max_inflight_messages, a bound for MQTT 3.1.1 subscribers as the bridges are; its own default is 20.", DefaultValueFactory = _ => MosquittoServer.GenerousInFlight };
        var only = new Option<string[]>("--only") { Description = "Only rows whose name has one of these in it, as in the table: Mosquitto, embedded, paho, curl, directly.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var seconds = new Option<int>("--seconds") { Description = "How long the load lasts; InfluxDB is away for two thirds of it.", DefaultValueFactory = _ => 15 };
        var bridges = new Option<bool>("--bridges") { Description = "The bridges too." };
        var rate = new Option<int>("--rate") { Description = "Readings/s; 0 for as fast as PUBACKs come.", DefaultValueFactory = _ => EmbeddedCase.UsualRate };
        var minutes = new Option<double>("--minutes") { Description = "How long." };
        var gateways = new Option<int>("--gateways") { Description = "How many connect.", DefaultValueFactory = _ => 10_000 };

        var homes = new Option<int>("--homes") { Description = "How many homes.", DefaultValueFactory = _ => 1_000 };

        var root = new RootCommand(
            """
            Measures Grid in Release beside other ways to do the same, with real servers on loopback. Without a command: a short sample of everything.
            Prints a table of medians with their range and a line for each goal; JSON goes to artifacts/bench/.
            Exit codes: 0 measured, also where a speed goal is not met; 1 the run failed, or acknowledged readings were lost; 3 see --require-goals.
            """) { requireGoals };
        Add("path", "From publisher to query, beside InfluxDB fed directly, a paho-mqtt bridge, and mosquitto_sub | mawk | curl.", [runs, readings, sizes, inFlight, only],
            p => (bench, ct) => new PathCase(bench, p.GetValue(runs), p.GetValue(readings), p.GetValue(sizes)!, p.GetValue(inFlight), p.GetValue(only)).RunAsync(ct));
        Add("embedded", "Embedded broker and store: 2,000 gateways x window 1, 20 readings a message.", [runs, minutes, rate],
            p => (bench, ct) => new EmbeddedCase(bench, p.GetValue(runs), Minutes(p.GetValue(minutes), 5), p.GetValue(rate)).RunAsync(ct));
        Add("outage", "1,000 messages/s while Grid is killed, InfluxDB is killed and away, and both: what was acknowledged and is missing.", [runs, seconds, bridges],
            p => (bench, ct) => new OutageCase(bench, p.GetValue(runs), TimeSpan.FromSeconds(p.GetValue(seconds)), p.GetValue(bridges)).RunAsync(ct));
        Add("drain", "InfluxDB away under 10,000 readings/s: Grid's memory meanwhile, and how fast the backlog drains while the load goes on.", [minutes],
            p => (bench, ct) => new DrainCase(bench, Minutes(p.GetValue(minutes), 10)).RunAsync(ct));
        Add("fleet", "Gateways connected to the embedded broker: Grid's memory.", [gateways],
            p => (bench, ct) => new FleetCase(bench, p.GetValue(gateways)).RunAsync(ct));
        Add("jobs", "Baselines, savings, reports and aggregation of a neighbourhood, on both reading stores.", [runs, homes],
            p => (bench, ct) => new JobsCase(bench, p.GetValue(runs), p.GetValue(homes)).RunAsync(ct));
        root.SetAction((p, ct) => MeasureAsync("sample", p.GetValue(requireGoals), SampleAsync, clock, ct));
        var parsed = root.Parse(args);
        var code = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
        return parsed.Errors.Count > 0 ? 2 : code;

        void Add(string name, string what, Option[] options, Func<ParseResult, Func<Bench, CancellationToken, Task>> measure)
        {
            var command = new Command(name, what);
            foreach (var option in options) command.Options.Add(option);
            command.SetAction((p, ct) => MeasureAsync(name, p.GetValue(requireGoals), measure(p), clock, ct));
            root.Subcommands.Add(command);
        }
    }

    private static TimeSpan Minutes(double said, double otherwise) => TimeSpan.FromMinutes(said > 0 ? said : otherwise);

    private static async Task SampleAsync(Bench bench, CancellationToken ct)
    {
        await new PathCase(bench, 1, 100_000, [20]).RunAsync(ct);
        await new PathCase(bench, 1, 30_000, [1]).RunAsync(ct);
        await new EmbeddedCase(bench, 1, TimeSpan.FromSeconds(6)).RunAsync(ct);
        await new FleetCase(bench, 2_000).RunAsync(ct);
        await new DrainCase(bench, TimeSpan.FromSeconds(10)).RunAsync(ct);
        await new JobsCase(bench, 1, 50).RunAsync(ct);
        await new OutageCase(bench, 1, TimeSpan.FromSeconds(4), bridges: false, worstOnly: true).RunAsync(ct);
    }

    private static async Task<int> MeasureAsync(string name, bool requireGoals, Func<Bench, CancellationToken, Task> measure, TimeProvider clock, CancellationToken ct)
    {
        var report = new Report(Console.Out, Console.Error);
        if (!GridServer.IsCompiledAhead())
        {
            await Console.Error.WriteLineAsync($"{GridServer.Program} is not compiled ahead, the figures would show the compiler: publish it as tests/bench/run does.");
            return 1;
        }

        using var directory = new RunDirectory(Path.Combine(Environment.GetEnvironmentVariable("GRID_TEST_RUN") ?? Path.GetTempPath(), $"bench-{Environment.ProcessId}"));
        try
        {
            await measure(new Bench(directory.Root, report, clock), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync($"The {name} run failed: {failure}");
            return 1;
        }
        finally
        {
            report.Print();
        }

        var at = clock.GetUtcNow();
        var file = Path.Combine(Environment.GetEnvironmentVariable("GRID_BENCH_RESULTS") ?? directory.Root, $"{name}-{at.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.json");
        await report.SaveAsync(file, at, string.Join(' ', Environment.GetCommandLineArgs().Skip(1)), ct);
        await Console.Error.WriteLineAsync($"Saved as {file}");
        return report.HasLosses ? 1 : requireGoals && !report.AllGoalsMet ? 3 : 0;
    }
}
