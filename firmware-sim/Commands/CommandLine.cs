using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>The commands, and what every one of them answers to the shell.</summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Interrupted = 130;

    private const string ExitCodes = "Exit codes: 0 done (or live readings ended with Ctrl-C), 1 failed, 2 bad option or input, 130 stopped with Ctrl-C before it was done.";

    public static async Task<int> RunAsync(string[] args, TimeProvider clock)
    {
        var root = new RootCommand($"Plays the metering gateways of a neighbourhood over MQTT. {ExitCodes}")
        {
            FleetCommand.Create(clock),
            ReplayCommand.Create(clock),
            ScenarioCommand.Create(clock),
            VerifyCommand.Create(clock),
            GatewayCommand.Create(clock),
        };
        var parsed = root.Parse(args);
        if (parsed.Action is System.CommandLine.Invocation.ParseErrorAction errors && args.Length > 0)
        {
            errors.ShowHelp = false;
            errors.ShowTypoCorrections = true;
        }

        var exit = await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(8) });
        if (parsed.Errors.Count == 0) return exit;
        await Console.Error.WriteLineAsync("See --help.");
        return BadInput;
    }

    /// <summary>Runs a command and turns what it throws into a sentence and an exit code.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped before it was done. Sending the same again later is harmless.");
            return Interrupted;
        }
        catch (Exception fault) when (fault is InputException or FileFaultException or ScenarioFaultException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return BadInput;
        }
        catch (Exception fault) when (fault is GatewayFaultException or OperatorApiException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return Failed;
        }
    }

    /// <summary>An option that holds a number within bounds.</summary>
    public static Option<T> Bounded<T>(string name, string description, T usual, T min, T max)
        where T : struct, IComparable<T>
    {
        var option = new Option<T>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (Value(result) is { } value && (value.CompareTo(min) < 0 || value.CompareTo(max) > 0))
                result.AddError(FormattableString.Invariant($"{name} {value} is out of range: give {min} to {max}."));
        });
        return option;

        // Text that is no number is reported by the parser; reading it here would throw.
        static T? Value(System.CommandLine.Parsing.OptionResult result)
        {
            try
            {
                return result.GetValueOrDefault<T>();
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }
}

/// <summary>What the user gave does not do, in a sentence.</summary>
[SuppressMessage("Roslynator", "RCS1194:Implement exception constructors", Justification = "Always carries its sentence.")]
internal sealed class InputException(string message) : Exception(message);
