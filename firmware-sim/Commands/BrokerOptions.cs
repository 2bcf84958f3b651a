using System.CommandLine;
using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>Where the broker is and what the gateways log in with: the same for every command.</summary>
internal sealed class BrokerOptions
{
    public const string SecretVariable = "GRID_GATEWAY_SECRET";

    private readonly Option<string> _host = new("--host") { Description = "The MQTT broker's host.", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<int> _port = CommandLine.Bounded("--port", "The MQTT broker's port.", 1883, 1, 65_535);
    private readonly Option<string?> _credentials = new("--credentials")
    {
        Description = """The gateways' secrets: JSON [{"gateway":"gw-0001","secret":"..."}], as the server's 'gateway create --json' prints it.""",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_host);
        command.Options.Add(_port);
        command.Options.Add(_credentials);
    }

    public (string Host, int Port) Address(ParseResult parsed) => (parsed.GetValue(_host)!, parsed.GetValue(_port));

    public Credentials? Credentials(ParseResult parsed) =>
        parsed.GetValue(_credentials) is { } path ? FirmwareSim.Credentials.Read(path) : null;
}

/// <summary>The option for a time zone, and days and instants that people write.</summary>
internal static class TimeOptions
{
    public static Option<string> Zone(string purpose)
    {
        var option = new Option<string>("--time-zone") { Description = $"IANA time zone {purpose}.", HelpName = "ZONE", DefaultValueFactory = _ => LocalCalendar.DefaultZone };
        option.Validators.Add(result =>
        {
            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(result.GetValueOrDefault<string>() ?? "") is null)
                result.AddError($"--time-zone '{result.GetValueOrDefault<string>()}' is not known: give an IANA name such as {LocalCalendar.DefaultZone}.");
        });
        return option;
    }

    /// <summary>A local day (its start) or a UTC instant.</summary>
    public static Instant? Read(string option, string? text, string timeZone)
    {
        if (text is null) return null;
        if (Wire.UtcText.TryParse(text, out var at)) return at;
        return NodaTime.Text.LocalDatePattern.Iso.Parse(text) is { Success: true } day
            ? LocalCalendar.For(timeZone).StartOf(day.Value)
            : throw new InputException($"{option} '{text}' is neither a day such as 2026-11-24 nor a UTC instant such as 2026-11-24T13:30:00Z.");
    }
}
