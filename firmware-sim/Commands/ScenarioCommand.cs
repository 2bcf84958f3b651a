using System.CommandLine;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary><c>scenario</c>: what happens to a neighbourhood over some hours, with its faults and its truth.</summary>
internal static class ScenarioCommand
{
    private static readonly BrokerOptions Broker = new();
    private static readonly Argument<string> Which = new("SCENARIO") { Description = "A name that 'scenario list' shows, or a file; scenarios/README.md beside the files says what may stand in one." };
    private static readonly Option<long?> Seed = new("--seed") { Description = "Another seed than the scenario's. The same seed and start give the same messages and the same truth." };
    private static readonly Option<string> Start = new("--start") { Description = "When it begins: 'file' as the scenario says; 'recent' moved by whole weeks to end within the last one; 'now'; or a UTC instant.", DefaultValueFactory = _ => "file", HelpName = "WHEN" };
    private static readonly Option<string> Speed = new("--speed") { Description = "How many times faster than the clock, or 'max': as fast as the broker takes it. Never ahead of the clock: what lies in the future is lived through.", DefaultValueFactory = _ => "max", HelpName = "N" };
    private static readonly Option<string?> TruthOut = new("--truth") { Description = "Write the true Wh of every meter and half-hour, and what every message may become, for 'verify'.", HelpName = "FILE" };
    private static readonly Option<string?> LogOut = new("--log") { Description = "Log every message before it is sent, its PUBACK and its ack, flushed to the disk, for 'verify'. An existing log is continued.", HelpName = "FILE" };
    private static readonly Option<string?> RegistryOut = new("--registry-out") { Description = "Write the scenario's meters as a registry (.csv or .json) for the server's 'registry import', and end.", HelpName = "FILE" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Send nothing: end once the truth is written." };
    private static readonly Option<int> Window = CommandLine.Bounded("--window", "Messages of one gateway that may wait for their acknowledgement.", 4, 1, 1_000);
    private static readonly Option<int> Keep = CommandLine.Bounded("--keep", "Messages that a gateway keeps at most until the backend's ack covers them; the oldest beyond are given up.", 10_000, 1, 1_000_000);
    private static readonly Option<int> AckWait = CommandLine.Bounded("--ack-wait", "Seconds that each gateway waits at its end for the backend's ack.", 2, 0, 3_600);

    public static Command Create(TimeProvider clock)
    {
        var list = new Command("list", "The scenarios that come with the simulator.");
        list.SetAction((_, _) => CommandLine.GuardAsync(() => Task.FromResult(List())));
        var run = new Command("run", "Plays a scenario against a broker, each gateway with a connection of its own.");
        run.Arguments.Add(Which);
        foreach (var option in (Option[])[Seed, Start, Speed, TruthOut, LogOut, RegistryOut, DryRun, Window, Keep, AckWait]) run.Options.Add(option);
        Broker.AddTo(run);
        run.SetAction((parsed, ct) => CommandLine.GuardAsync(() => RunAsync(parsed, clock, ct)));
        return new("scenario", "What happens to a simulated neighbourhood over some hours: devices of every class, faults, and the truth to hold a backend against.") { list, run };
    }

    private static int List()
    {
        foreach (var scenario in ScenarioFile.All())
            ProgressView.Line(FormattableString.Invariant($"{scenario.Name,-18} {scenario.Composition.Gateways,6} gateways, {Hours.Show(scenario.Length),6}  {scenario.Description}"));
        return CommandLine.Done;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, CancellationToken ct)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var scenario = ScenarioFile.Open(parsed.GetValue(Which)!);
        scenario = Begun(scenario with { Seed = parsed.GetValue(Seed) ?? scenario.Seed }, parsed.GetValue(Start)!, now);
        var script = new Script(scenario);
        if (parsed.GetValue(RegistryOut) is { } registry)
        {
            RegistryFile.Write(registry, script.Registry);
            ProgressView.Line($"{registry}: {ProgressView.Count(script.Registry.Count, "meter")} behind {ProgressView.Count(script.Gateways.Count, "gateway")}. Import it with 'registry import {registry}'.");
            return CommandLine.Done;
        }

        var speed = SpeedOf(parsed.GetValue(Speed)!);
        var credentials = Broker.Credentials(parsed);
        if (credentials is null && !parsed.GetValue(DryRun))
            throw new InputException("The gateways need secrets: give --credentials FILE, what the server's 'gateway create --json' printed; or --dry-run, to send nothing.");
        credentials?.Require(script.Gateways.Select(g => g.Name));
        if (parsed.GetValue(TruthOut) is { } truth)
        {
            TruthFile.Write(script, truth);
            ProgressView.Line($"{truth}: the truth of {ProgressView.Count(script.Registry.Count, "meter")}, {UtcText.Format(scenario.Start)} to {UtcText.Format(scenario.End)}.");
        }

        if (parsed.GetValue(DryRun)) return CommandLine.Done;
        var log = parsed.GetValue(LogOut) is { } path ? new RunLogWriter(path, scenario.Name, scenario.Seed, now) : null;
        try
        {
            var (host, port) = Broker.Address(parsed);
            var options = new ScenarioRunOptions
            {
                Host = host, Port = port, SecretOf = credentials!.SecretOf, Speed = speed, Window = parsed.GetValue(Window), KeepMessages = parsed.GetValue(Keep),
                AckWait = TimeSpan.FromSeconds(parsed.GetValue(AckWait)), Log = log, Notice = ProgressView.Line,
            };
            await using var run = new ScenarioRun(scenario, options, clock);
            if (speed > 0 || scenario.End > now) ProgressView.Line($"Playing {Hours.Show(scenario.Length)} of {ProgressView.Count(script.Gateways.Count, "gateway")}. Ctrl-C ends.");
            RunSummary? summary = null;
            await ProgressView.ShowAsync(scenario.Name, clock, async progress => summary = await run.RunAsync(progress, ct));
            return Tell(summary!, script);
        }
        finally
        {
            if (log is not null) await log.DisposeAsync();
        }
    }

    private static int Tell(RunSummary summary, Script script)
    {
        var raw = summary.Raw > 0 ? $" {summary.RawRefused} of {summary.Raw} rogue messages were refused by the broker." : "";
        ProgressView.Line($"{summary.Gateways} of {ProgressView.Count(script.Gateways.Count, "gateway")} came to an end: {ProgressView.Count(summary.Readings, "reading")} in {ProgressView.Count(summary.Messages, "message")}.{raw}");
        return summary.Failed.Count == 0 ? CommandLine.Done : CommandLine.Failed;
    }

    private static Scenario Begun(Scenario scenario, string when, Instant now) => when switch
    {
        "file" => scenario,
        "recent" => scenario with { Start = scenario.Start + (Duration.FromDays(7) * Math.Floor((now - scenario.End) / Duration.FromDays(7))) },
        "now" => scenario with { Start = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 1_800 * 1_800) },
        _ when UtcText.TryParse(when, out var at) && at.ToUnixTimeMilliseconds() % 1_800_000 == 0 => scenario with { Start = at },
        _ => throw new InputException($"--start '{when}' is neither file, recent, now nor a UTC instant on a whole half-hour such as 2026-11-24T13:30:00Z."),
    };

    private static double SpeedOf(string text) =>
        text is "max" ? 0
        : double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var speed) && speed is >= 0.01 and <= 1_000_000 ? speed
        : throw new InputException($"--speed '{text}' is neither max nor a number from 0.01 to 1000000.");
}
