using System.CommandLine;
using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary><c>gateway</c>: a real meter's output, through a gateway of its own.</summary>
internal static class GatewayCommand
{
    private static readonly BrokerOptions Broker = new();
    private static readonly Argument<string> Name = new("GATEWAY") { Description = $"Its name; its secret comes from --credentials or the environment variable {BrokerOptions.SecretVariable}." };
    private static readonly Option<string> Tic = new("--tic") { Description = "A serial line with a Linky's TIC output, such as /dev/ttyUSB0, a pseudo-terminal, or a file.", HelpName = "DEVICE", Required = true };
    private static readonly Option<string> Mode = new("--mode") { Description = "The meter's mode, as its display says: historique (1200 baud, 7E1) or standard (9600 baud, 7E1). A serial line is set to it.", DefaultValueFactory = _ => "historique" };
    private static readonly Option<int> Interval = CommandLine.Bounded("--interval", "Seconds between two frames sent; a Linky gives one every second or two. 0 sends all.", 60, 0, 86_400);
    private static readonly Option<string?> Spool = new("--spool") { Description = "Where this gateway's frames are kept until the backend has stored them, and the counter. Without it: tic-spool-GATEWAY here.", HelpName = "FILE" };
    private static readonly Option<int> Keep = CommandLine.Bounded("--keep", "Frames kept at most; the oldest beyond are given up.", 10_000, 1, 1_000_000);

    public static Command Create(TimeProvider clock)
    {
        var command = new Command("gateway", "Sends a real Linky's TIC output as the gateway that carries its meter, until the bytes end or Ctrl-C.");
        command.Arguments.Add(Name);
        foreach (var option in (Option[])[Tic, Mode, Interval, Spool, Keep]) command.Options.Add(option);
        Broker.AddTo(command);
        Mode.AcceptOnlyFromAmong("historique", "standard");
        command.SetAction((parsed, ct) => CommandLine.GuardAsync(() => RunAsync(parsed, clock, ct)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, CancellationToken ct)
    {
        if (!GatewayName.TryParse(parsed.GetValue(Name), out var name)) throw new InputException($"'{parsed.GetValue(Name)}' is no gateway name: 3 to 32 of a-z, 0-9 and '-' are.");
        var secret = SecretOf(parsed, name);
        var (line, mode) = (parsed.GetValue(Tic)!, parsed.GetValue(Mode)!);
        await using var bytes = TicLine.Open(line, mode is "standard");
        using var spool = new TicSpool(parsed.GetValue(Spool) ?? $"tic-spool-{name}", name, clock.GetUtcNow().ToUnixTimeSeconds(), parsed.GetValue(Keep));
        var (host, port) = Broker.Address(parsed);
        await using var client = new GatewayClient(
            new(name, secret) { Host = host, Port = port, Epoch = spool.Epoch, FirstSeq = spool.NextSeq, Window = 4, KeepMessages = parsed.GetValue(Keep), KeepBytes = long.MaxValue, Log = spool, Notice = ProgressView.Line },
            clock);
        await client.ConnectAsync(ct);
        ProgressView.Line($"Reading {line}; {ProgressView.Count(spool.Kept.Count, "frame")} kept. Ctrl-C ends.");
        var noFrame = $"{line} gives no TIC frame: is the line in {mode} mode? See --mode.";
        var gateway = new TicGateway(client, spool, Duration.FromSeconds(parsed.GetValue(Interval)), clock, () => ProgressView.Line(noFrame));
        try
        {
            await gateway.RunAsync(bytes, ct);
            if (gateway.Frames == 0) throw new InputException(noFrame);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl-C is how it ends: what is not stored waits in the spool.
            if (gateway.Frames == 0) ProgressView.Line(noFrame);
        }

        ProgressView.Line($"{ProgressView.Count(gateway.Frames, "frame")} sent, {client.Kept} of what is kept not yet stored.");
        return CommandLine.Done;
    }

    private static string SecretOf(ParseResult parsed, GatewayName name)
    {
        if (Broker.Credentials(parsed) is { } credentials)
        {
            credentials.Require([name]);
            return credentials.SecretOf(name);
        }

        return Environment.GetEnvironmentVariable(BrokerOptions.SecretVariable) is { Length: > 0 } secret
            ? secret
            : throw new InputException($"Gateway {name} needs its secret: set {BrokerOptions.SecretVariable}, or give --credentials FILE.");
    }
}
