using System.CommandLine;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary><c>replay</c>: a recording through gateways.</summary>
internal static class ReplayCommand
{
    private static readonly BrokerOptions Broker = new();
    private static readonly RegistryOptions Registry = new();
    private static readonly Argument<string> File = new("FILE") { Description = "The recording: an Enedis download, long, wide or daily CSV, plain or gzip." };
    private static readonly Option<string?> Format = new("--format") { Description = "enedis, long, wide or daily. By default the header tells.", HelpName = "NAME" };
    private static readonly Option<string?> Gateway = new("--gateway") { Description = $"One gateway for all meters; its secret comes from --credentials or the environment variable {BrokerOptions.SecretVariable}. Without it each household has the gateway of its own name (small letters, '-' for '_')." };
    private static readonly Option<string?> Households = new("--households") { Description = "Only these, separated by commas.", HelpName = "A,B" };
    private static readonly Option<string?> Household = new("--household-name") { Description = "Names the household of a file that holds one." };
    private static readonly Option<string?> Column = new("--value-column") { Description = "The value column of a daily file." };
    private static readonly Option<int?> Minutes = new("--interval-minutes") { Description = "The intervals' length where the file does not tell it." };
    private static readonly Option<string?> From = new("--from") { Description = "Leave out what was before: a local day or a UTC instant of the recording.", HelpName = "WHEN" };
    private static readonly Option<string?> To = new("--to") { Description = "Leave out what came from then on.", HelpName = "WHEN" };
    private static readonly Option<bool> Shift = new("--shift-to-now") { Description = "Move the recording by whole weeks so that it ends within the last week. A meter that has readings already needs --base-wh too: its register must not fall." };
    private static readonly Option<string> TimeZone = TimeOptions.Zone("of the recording's days");
    private static readonly Option<string> Prefix = new("--meter-prefix") { Description = "Stands before the household's name to make the meter's.", DefaultValueFactory = _ => "" };
    private static readonly Option<long> Base = CommandLine.Bounded("--base-wh", "What every register stands at when the recording begins.", 0L, 0, Registers.MaxWh / 2);
    private static readonly Option<int> PerMessage = CommandLine.Bounded("--readings-per-message", "Readings a message.", 480, 1, WireLimits.MaxReadings);
    private static readonly Option<int> Window = CommandLine.Bounded("--window", "Messages of one gateway that may wait for their acknowledgement.", 8, 1, 1_000);

    public static Command Create(TimeProvider clock)
    {
        var command = new Command("replay", "A recording through gateways: both ends of every interval as readings, and a register restart behind every gap.");
        command.Arguments.Add(File);
        foreach (var option in (Option[])[Format, Gateway, Households, Household, Column, Minutes, From, To, Shift, TimeZone, Prefix, Base, PerMessage, Window]) command.Options.Add(option);
        Registry.AddTo(command);
        Broker.AddTo(command);
        Format.AcceptOnlyFromAmong("enedis", "long", "wide", "daily");
        Gateway.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !GatewayName.TryParse(name, out _)) result.AddError($"--gateway '{name}' is no gateway name: 3 to 32 of a-z, 0-9 and '-' are.");
        });
        Minutes.Validators.Add(result =>
        {
            if (result.Tokens is [var text] && (!int.TryParse(text.Value, System.Globalization.CultureInfo.InvariantCulture, out var minutes) || minutes is < 1 or > 1_440))
                result.AddError($"--interval-minutes {text.Value}: give 1 to 1440.");
        });
        command.SetAction((parsed, ct) => CommandLine.GuardAsync(() => RunAsync(parsed, clock, ct)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, CancellationToken ct)
    {
        var recording = Load(parsed, clock);
        var sole = parsed.GetValue(Gateway) is { } name ? GatewayName.Parse(name) : (GatewayName?)null;
        var options = new ReplayOptions
        {
            GatewayOf = household => sole ?? GatewayNamed(household),
            SecretOf = _ => "",
            MeterPrefix = parsed.GetValue(Prefix)!,
            BaseWh = parsed.GetValue(Base),
            ReadingsPerMessage = parsed.GetValue(PerMessage),
            Window = parsed.GetValue(Window),
            Notice = ProgressView.Line,
        };
        foreach (var series in recording)
            if (!MeterName.TryParse(options.MeterPrefix + series.Household, out _)) throw new InputException($"--meter-prefix makes '{options.MeterPrefix + series.Household}', which is no meter name: give letters, digits, '_' and '-' only, 64 in all.");
        if (Registry.Write(parsed, recording, options, parsed.GetValue(TimeZone)!)) return CommandLine.Done;

        var (host, port) = Broker.Address(parsed);
        options = options with { Host = host, Port = port, SecretOf = Secrets(parsed, sole, [.. recording.Select(series => options.GatewayOf(series.Household)).Distinct()]) };
        FleetProgress sent = default;
        await ProgressView.ShowAsync("replay", clock, async progress => sent = await Replay.RunAsync(recording, options, clock, progress, ct));
        ProgressView.Line($"Replayed {ProgressView.Count(recording.Count, "household")}, {UtcText.Format(recording.Min(s => s.Intervals[0].Start))} to {UtcText.Format(recording.Max(s => s.Intervals[^1].End))}: {ProgressView.Count(sent.ReadingsSent, "reading")} in {ProgressView.Count(sent.MessagesSent, "message")}.");
        return CommandLine.Done;
    }

    private static IReadOnlyList<IntervalSeries> Load(ParseResult parsed, TimeProvider clock)
    {
        var zone = parsed.GetValue(TimeZone)!;
        var file = RecordingFile.Open(parsed.GetValue(File)!, new()
        {
            Format = parsed.GetValue(Format) switch
            {
                "enedis" => RecordingFormat.EnedisCsv,
                "long" => RecordingFormat.LongCsv,
                "wide" => RecordingFormat.WideCsv,
                "daily" => RecordingFormat.DailyCsv,
                _ => null,
            },
            Household = parsed.GetValue(Household),
            ValueColumn = parsed.GetValue(Column),
            TimeZone = zone,
            Interval = parsed.GetValue(Minutes) is { } minutes ? Duration.FromMinutes(minutes) : null,
        });
        var recording = file.ReadSeries();
        if (parsed.GetValue(Households) is { } list)
        {
            var wanted = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (wanted.FirstOrDefault(w => recording.All(s => !string.Equals(s.Household, w, StringComparison.Ordinal))) is { } unknown)
                throw new InputException($"--households: the recording has no readings of '{unknown}'; it has {string.Join(", ", recording.Select(s => s.Household))}.");
            recording = [.. recording.Where(series => wanted.Contains(series.Household, StringComparer.Ordinal))];
        }

        recording = Recordings.Cut(recording, TimeOptions.Read("--from", parsed.GetValue(From), zone), TimeOptions.Read("--to", parsed.GetValue(To), zone));
        if (recording.Count == 0) throw new InputException($"{file.Path} holds no readings between --from and --to: give another span.");
        return parsed.GetValue(Shift) ? Recordings.ShiftTo(recording, Instant.FromDateTimeOffset(clock.GetUtcNow())) : recording;
    }

    private static GatewayName GatewayNamed(string household)
    {
        var name = household.ToLowerInvariant().Replace('_', '-');
        return GatewayName.TryParse(name, out var gateway)
            ? gateway
            : throw new InputException($"Household {household} has no gateway of its own name ('{name}' is none: 3 to 32 of a-z, 0-9 and '-' are): give --gateway.");
    }

    private static Func<GatewayName, string> Secrets(ParseResult parsed, GatewayName? sole, GatewayName[] gateways)
    {
        var credentials = Broker.Credentials(parsed);
        var secret = Environment.GetEnvironmentVariable(BrokerOptions.SecretVariable);
        if (sole is not null && !string.IsNullOrEmpty(secret) && credentials?.Has(sole.Value) != true) return _ => secret;
        if (credentials is null)
            throw new InputException(sole is null
                ? "Say which gateway sends: --gateway NAME, or --credentials FILE that names one for each household."
                : $"Gateway {sole} needs its secret: set {BrokerOptions.SecretVariable}, or give --credentials FILE.");
        credentials.Require(gateways);
        return credentials.SecretOf;
    }
}
