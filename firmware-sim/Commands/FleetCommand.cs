using System.CommandLine;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary><c>fleet</c>: simulated homes, each behind a gateway of its own.</summary>
internal static class FleetCommand
{
    private static readonly BrokerOptions Broker = new();
    private static readonly Option<int> Gateways = CommandLine.Bounded("--gateways", $"Gateways, with one home each; 1 to {SimulatedNeighbourhood.MaxHomes}.", 10, 1, SimulatedNeighbourhood.MaxHomes);
    private static readonly Option<long> Seed = new("--seed") { Description = "Everything simulated follows from it.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Days = CommandLine.Bounded("--days", "Days of half-hourly history to send before the live readings. The server takes 45 days unless its Ingest:MaxAge says more.", 30, 0, 10_000);
    private static readonly Option<int> Interval = CommandLine.Bounded("--interval", "Seconds between two live readings of a meter.", 60, 1, 86_400);
    private static readonly Option<double> Speed = CommandLine.Bounded("--speed", "Above 1: the days are not sent at once but lived through, so many times faster than the clock, at --interval, until now is reached.", 1.0, 1, 1_000_000);
    private static readonly Option<string> TimeZone = TimeOptions.Zone("of the homes' clocks");
    private static readonly Option<string?> Origin = new("--origin") { Description = "Instant, or local day, on which the meters were hung and the registers begin. Runs with the same seed and origin agree.", HelpName = "DAY", DefaultValueFactory = _ => "2024-01-01T00:00:00Z" };
    private static readonly Option<bool> NoLive = new("--no-live") { Description = "End after the history." };
    private static readonly Option<string?> RegistryOut = new("--registry-out") { Description = "Write the homes as a registry (.csv or .json) for the server's 'registry import', and end.", HelpName = "FILE" };

    public static Command Create(TimeProvider clock)
    {
        var command = new Command("fleet", "Simulated homes, each behind a gateway of its own: first their history, then live readings until Ctrl-C.");
        foreach (var option in (Option[])[Gateways, Seed, Days, Interval, Speed, TimeZone, Origin, NoLive, RegistryOut]) command.Options.Add(option);
        Broker.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(NoLive) && result.GetValue(Speed) > 1) result.AddError("--speed says how live readings run: give it without --no-live.");
        });
        command.SetAction((parsed, ct) => CommandLine.GuardAsync(() => RunAsync(parsed, clock, ct)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, CancellationToken ct)
    {
        var zone = parsed.GetValue(TimeZone)!;
        var origin = TimeOptions.Read("--origin", parsed.GetValue(Origin), zone)!.Value;
        if (origin.ToUnixTimeMilliseconds() % 1_800_000 != 0) throw new InputException("--origin is no whole half-hour: give a day such as 2024-01-01.");
        var homes = new SimulatedNeighbourhood(parsed.GetValue(Seed), parsed.GetValue(Gateways), zone, origin);
        if (parsed.GetValue(RegistryOut) is { } path)
        {
            RegistryFile.Write(path, homes.Registry);
            ProgressView.Line($"{path}: {ProgressView.Count(homes.Registry.Count, "meter")}. Import it with 'registry import {path}'.");
            return CommandLine.Done;
        }

        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var from = now - Duration.FromDays(parsed.GetValue(Days));
        if (from < homes.Origin) throw new InputException($"--days {parsed.GetValue(Days)} reach back before --origin {UtcText.Format(homes.Origin)}: give fewer days or an earlier origin.");
        var credentials = Broker.Credentials(parsed)
            ?? throw new InputException("The gateways need secrets: give --credentials FILE, what the server's 'gateway create --json' printed.");
        credentials.Require(homes.Homes.Select(home => home.Gateway));
        var (host, port) = Broker.Address(parsed);
        var options = new FleetOptions { Host = host, Port = port, LiveInterval = Duration.FromSeconds(parsed.GetValue(Interval)), Speed = parsed.GetValue(Speed), Notice = ProgressView.Line };
        await using var fleet = new Fleet(options, homes, credentials.SecretOf, clock);
        if (options.Speed <= 1 && parsed.GetValue(Days) > 0)
        {
            await ProgressView.ShowAsync("history", clock, progress => fleet.BackfillAsync(_ => from, now, progress, ct));
            ProgressView.Line($"History sent: {ProgressView.Count(fleet.Sent.ReadingsSent, "reading")} of {ProgressView.Count(homes.Homes.Count, "home")}.");
        }

        return parsed.GetValue(NoLive) ? CommandLine.Done : await LiveAsync(fleet, from: options.Speed > 1 ? from : now, clock, ct);
    }

    private static async Task<int> LiveAsync(Fleet fleet, Instant from, TimeProvider clock, CancellationToken ct)
    {
        await fleet.ConnectAsync(ct);
        ProgressView.Line("Live. Ctrl-C ends.");
        await using var report = clock.CreateTimer(_ => ProgressView.Line($"{ProgressView.Count(fleet.Sent.ReadingsSent, "reading")} sent"), null, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
        try
        {
            await fleet.LiveAsync(from, ct);
        }
        catch (OperationCanceledException)
        {
            ProgressView.Line($"Ended: {ProgressView.Count(fleet.Sent.ReadingsSent, "reading")} sent.");
        }

        return CommandLine.Done;
    }
}
