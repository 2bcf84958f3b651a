using System.CommandLine;
using System.Globalization;

namespace Grid.Server;

internal static class DemoCommand
{
    public static Command Create()
    {
        var port = Number("--port", "Where the portal listens on loopback.", 8080, 1, 65535);
        var mqttPort = Number("--mqtt-port", "Where the MQTT broker listens on loopback.", 1883, 1, 65535);
        var households = Number("--households", "Homes, half of each of two kinds; neighbours are compared from 21 of a kind on.", 60, 1, 2000);
        var historyDays = Number("--history-days", "Days of half-hours before now.", 430, 0, 3650);
        var seed = Number("--seed", "Another seed, another neighbourhood.", 1, 0, int.MaxValue);
        var directory = new Option<DirectoryInfo>("--data-directory")
        {
            Description = "Where the demo keeps its files and finds them again.",
            DefaultValueFactory = _ => new(GridOptions.DefaultDataDirectory("grid-demo")),
        };
        var demo = new Command(
            "demo", "Serves a simulated neighbourhood with its history: embedded broker, stores and portal, nothing to install. Ctrl-C ends it; a second start goes on where it was.")
        {
            port, mqttPort, households, historyDays, directory, seed,
        };
        demo.SetAction((parsed, ct) => DemoRun.RunAsync(
            new(
                parsed.GetValue(port),
                parsed.GetValue(mqttPort),
                parsed.GetValue(households),
                parsed.GetValue(historyDays),
                parsed.GetRequiredValue(directory).FullName,
                parsed.GetValue(seed)),
            ct));
        return demo;
    }

    private static Option<int> Number(string name, string description, int standard, int min, int max)
    {
        var option = new Option<int>(name) { Description = FormattableString.Invariant($"{description} {min} to {max}."), DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) || value < min || value > max))
                result.AddError($"{name} must be between {min} and {max}, not {token.Value}.");
        });
        return option;
    }
}
