using System.CommandLine;
using System.Text.Json;

namespace Grid.FirmwareSim;

/// <summary><c>verify</c>: holds what a server stored against what a run sent and what was true.</summary>
internal static class VerifyCommand
{
    public const string PasswordVariable = "GRID_OPERATOR_PASSWORD";

    private static readonly Option<string> TruthIn = new("--truth") { Description = "What 'scenario run --truth' wrote.", HelpName = "FILE", Required = true };
    private static readonly Option<string> LogIn = new("--log") { Description = "What 'scenario run --log' wrote.", HelpName = "FILE", Required = true };
    private static readonly Option<string> Url = new("--url") { Description = "The server's portal.", DefaultValueFactory = _ => "http://localhost:8080" };
    private static readonly Option<string> Email = new("--email") { Description = "An operator's account.", Required = true };
    private static readonly Option<string?> PasswordFile = new("--password-file") { Description = $"Holds its password; else the environment variable {PasswordVariable} does.", HelpName = "FILE" };
    private static readonly Option<string> By = new("--acked-by") { Description = "What counts as acknowledged: 'puback', or 'ack' behind an external broker.", DefaultValueFactory = _ => "puback" };
    private static readonly Option<int> Wait = CommandLine.Bounded("--wait", "Seconds to wait at most for what is acknowledged and not yet stored.", 30, 0, 86_400);
    private static readonly Option<int> Examples = CommandLine.Bounded("--examples", "Findings to show of each kind.", 5, 0, 1_000);
    private static readonly Option<bool> Strict = new("--strict") { Description = "Fail too when something has another fate than the scenario's faults lead to." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    private static readonly (Breach Breach, string Name, string Meaning)[] Kinds =
    [
        (Breach.Lost, "lost", "acknowledged, neither stored nor quarantined"),
        (Breach.DoubleCounted, "double-counted", "stored twice, or more energy than passed"),
        (Breach.Conflict, "conflict", "another value than what was sent first and accepted"),
        (Breach.Phantom, "phantom", "stored and never sent by one who may"),
        (Breach.Unexpected, "unexpected", "another fate than the scenario's faults lead to"),
    ];

    public static Command Create(TimeProvider clock)
    {
        var command = new Command("verify", "Holds what a server stored and quarantined against a run's log and truth. Exit code 0 only if nothing is lost, double-counted, in conflict or made up.");
        foreach (var option in (Option[])[TruthIn, LogIn, Url, Email, PasswordFile, By, Wait, Examples, Strict, Json]) command.Options.Add(option);
        By.AcceptOnlyFromAmong("puback", "ack");
        Url.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) result.AddError($"--url '{result.GetValueOrDefault<string>()}' is no address such as http://localhost:8080.");
        });
        command.SetAction((parsed, ct) => CommandLine.GuardAsync(() => RunAsync(parsed, clock, ct)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, CancellationToken ct)
    {
        var (truth, log) = (TruthFile.Read(parsed.GetValue(TruthIn)!), RunLog.Read(parsed.GetValue(LogIn)!));
        if (truth.Seed != log.Seed || !string.Equals(truth.Scenario, log.Scenario, StringComparison.Ordinal))
            throw new InputException($"The truth is of {truth.Scenario} with seed {truth.Seed}, the log of {log.Scenario} with seed {log.Seed}: give those of one run.");
        using var http = new HttpClient { BaseAddress = new(parsed.GetValue(Url)!) };
        var operators = new OperatorApi(http);
        await operators.SignInAsync(parsed.GetValue(Email)!, PasswordOf(parsed), ct);
        var verification = new Verification(truth, log, operators, clock) { By = parsed.GetValue(By) is "ack" ? Acknowledgement.Ack : Acknowledgement.PubAck };
        var report = await verification.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(Wait)), ct);
        if (parsed.GetValue(Json)) Console.WriteLine(AsJson(report, parsed.GetValue(Examples)));
        else Tell(report, parsed.GetValue(Examples));
        return report.Holds && !(parsed.GetValue(Strict) && report.Count(Breach.Unexpected) > 0) ? CommandLine.Done : CommandLine.Failed;
    }

    private static string PasswordOf(ParseResult parsed)
    {
        if (parsed.GetValue(PasswordFile) is { } file) return File.ReadAllText(file).Trim();
        return Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } password
            ? password
            : throw new InputException($"The account needs its password: give --password-file FILE, or set {PasswordVariable}.");
    }

    private static void Tell(VerifyReport report, int examples)
    {
        ProgressView.Line($"{ProgressView.Count(report.Sent, "reading")} sent, {ProgressView.Count(report.Acknowledged)} acknowledged, {ProgressView.Count(report.Stored)} stored.");
        foreach (var (breach, name, meaning) in Kinds)
        {
            ProgressView.Line(FormattableString.Invariant($"{name,-15} {report.Count(breach),8}  {meaning}"));
            foreach (var finding in report.Findings.Where(f => f.Breach == breach).Take(examples)) ProgressView.Line("                          " + finding.What);
        }

        ProgressView.Line(FormattableString.Invariant($"{"unknown",-15} {report.Unknown,8}  sent and not acknowledged, {report.UnknownStored} of them stored"));
        foreach (var (reason, count) in report.Quarantined) ProgressView.Line(FormattableString.Invariant($"{"quarantined",-15} {count,8}  {reason}"));
        ProgressView.Line(report.Holds ? "It holds." : "It does not hold.");
    }

    private static string AsJson(VerifyReport report, int examples) => JsonSerializer.Serialize(new
    {
        holds = report.Holds,
        sent = report.Sent,
        acknowledged = report.Acknowledged,
        stored = report.Stored,
        unknown = report.Unknown,
        unknownStored = report.UnknownStored,
        quarantined = report.Quarantined,
        breaches = Kinds.ToDictionary(k => k.Name, k => report.Count(k.Breach), StringComparer.Ordinal),
        examples = Kinds.ToDictionary(k => k.Name, k => report.Findings.Where(f => f.Breach == k.Breach).Take(examples).Select(f => f.What), StringComparer.Ordinal),
    });
}
