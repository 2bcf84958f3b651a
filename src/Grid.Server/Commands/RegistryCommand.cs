using System.CommandLine;
using Grid.Storage;
using Grid.Wire;

namespace Grid.Server;

internal static class RegistryCommand
{
    private const int ErrorsShown = 200;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "A .csv or .json file; 'registry template' prints its columns." };
        var import = new Command("import", "Adds what the file names to the registry and updates what is there; all of it, or nothing.") { file };
        import.SetAction((parsed, ct) => ImportAsync(parsed.GetRequiredValue(file), ct));
        var template = new Command("template", "Prints the columns of a registry file, with what each may hold.");
        template.SetAction(_ => Template());
        return new Command("registry", "Who lives where, behind which meter and gateway.") { import, template };
    }

    private static int Template()
    {
        Console.WriteLine(string.Join(',', RegistryColumns.All.Select(c => c.Name)));
        Console.Error.WriteLine();
        foreach (var column in RegistryColumns.All) Console.Error.WriteLine($"  {column.Name,-16} {column.Explanation}{(column.Optional ? " May be empty." : "")}");
        return 0;
    }

    private static async Task<int> ImportAsync(FileInfo file, CancellationToken ct)
    {
        if (!file.Exists) throw new UsageException($"There is no file {file.FullName}.");
        var content = Read(file);
        if (content.Errors.Count > 0)
        {
            foreach (var error in content.Errors.Take(ErrorsShown)) await Console.Error.WriteLineAsync($"{file.Name}: {error}");
            if (content.Errors.Count > ErrorsShown) await Console.Error.WriteLineAsync($"… and {content.Errors.Count - ErrorsShown} more.");
            await Console.Error.WriteLineAsync($"{Counted.Of(content.Errors.Count, "fault")}: nothing was imported.");
            return 2;
        }

        return await Offline.RunAsync(async (services, _) =>
        {
            var change = ChangeOf(content.Rows);
            var faults = await services.GetRequiredService<RegistryEditor>().ApplyAsync(change, ct);
            foreach (var fault in faults) await Console.Error.WriteLineAsync(fault);
            if (faults.Count > 0)
            {
                await Console.Error.WriteLineAsync("Nothing was imported.");
                return 2;
            }

            Console.WriteLine($"Imported {Counted.Of(change.Households.Count, "household")} and {Counted.Of(change.Meters.Count, "meter")} of {change.Neighbourhood}.");
            return 0;
        }, ct);
    }

    public static RegistryChange ChangeOf(IReadOnlyList<RegistryRow> rows) => new(
        rows[0].Neighbourhood, rows[0].TimeZone, [.. rows.Select(r => r.Household).OfType<Domain.Household>().DistinctBy(h => h.Id)], [.. rows.Select(r => r.Meter)]);

    private static RegistryContent Read(FileInfo file)
    {
        try
        {
            var content = RegistryFile.Read(file.FullName);
            return content.Rows.Count > 0 || content.Errors.Count > 0 ? content : throw new UsageException($"{file.Name} has no rows.");
        }
        catch (FileFaultException fault)
        {
            throw new UsageException(fault.Message);
        }
    }
}
