using System.CommandLine;
using Grid.Storage;
using Grid.Wire;

namespace Grid.Server;

/// <summary>The command line. Exit codes: 0 done, 1 failed, 2 the call or the configuration is at fault.</summary>
internal static class GridCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        PrivateFile.AlwaysPrivate();
        var root = new RootCommand(
            """
            Grid: the energy telemetry backend of a neighbourhood.
            Without a command it serves what the configuration says (section Grid; in the environment Grid__…).
            Exit codes: 0 done, 1 failed, 2 the call or the configuration is at fault, 130 stopped before it was done.
            """);
        root.SetAction((_, ct) => ServeCommand.RunAsync(ct));
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(RegistryCommand.Create());
        root.Subcommands.Add(UserCommand.Create());
        root.Subcommands.Add(GatewayCommand.Create());
        root.Subcommands.Add(QuarantineCommand.Create());
        root.Subcommands.Add(CorrectionsCommand.Create());
        root.Subcommands.Add(BackupCommand.CreateBackup());
        root.Subcommands.Add(BackupCommand.CreateRestore());
        root.Subcommands.Add(ConsumptionCommand.Create());
        root.Subcommands.Add(SavingsCommand.Create());
        root.Subcommands.Add(CampaignsCommand.Create());
        root.Subcommands.Add(WeatherCommand.Create());
        root.Subcommands.Add(TariffsCommand.Create());
        root.Subcommands.Add(CarbonCommand.Create());
        try
        {
            var parsed = root.Parse(args);
            var code = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
            return parsed.Errors.Count > 0 ? 2 : code;
        }
        catch (Exception fault) when (fault is UsageException or BadConfigurationException or FileFaultException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }
        catch (Exception failure) when (PostgresFault.Of(failure) is { } fault)
        {
            await Console.Error.WriteLineAsync(fault.Sentence);
            return fault.IsOfConfiguration ? 2 : 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync($"Grid failed: {failure.Message}");
            await Console.Error.WriteLineAsync(failure.ToString());
            return 1;
        }
    }
}
