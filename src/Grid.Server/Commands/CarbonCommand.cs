using System.CommandLine;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Server;

/// <summary>The grid's carbon intensity from a file, into the registry.</summary>
internal static class CarbonCommand
{
    private const double LeastGramsPerKwh = 1; // no grid in the world is cleaner at every hour

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "A CSV file, plain or gzip: start,value with an instant such as 2026-01-01T00:00:00Z and grams of CO2 per kWh; values within an hour are averaged.",
        };
        var kind = new Option<string>("--kind")
        {
            Description = "What the figures count: direct (emissions of production, as RTE's eCO2mix) or life-cycle (fuel, building and losses too). One installation holds one kind.",
            DefaultValueFactory = _ => "direct",
        };
        kind.AcceptOnlyFromAmong("direct", "life-cycle");
        var import = new Command("import", "Adds the file's hours; one that is there already is replaced. Importing again changes nothing.") { file, kind };
        import.SetAction((parsed, ct) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!path.Exists) throw new UsageException($"There is no file {path.FullName}.");
            return ImportAsync(path, parsed.GetValue(kind) is "direct" ? CarbonKind.Direct : CarbonKind.LifeCycle, ct);
        });
        return new("carbon", "Carbon intensity of the grid. An hour that is missing has its month's mean, a month that is missing RTE's figure of the year for direct emissions.") { import };
    }

    private static Task<int> ImportAsync(FileInfo file, CarbonKind kind, CancellationToken ct)
    {
        List<HourlyIntensity> hours = [.. SeriesFile.ReadHours(file.FullName).Select(h => new HourlyIntensity(h.Hour, h.Mean))];
        if (hours.Count == 0) throw new UsageException($"{file.Name} has no value: every cell is empty. Nothing was imported.");
        if (hours.FindIndex(h => h.GramsPerKwh is < 0 or > HourlyIntensity.MostGramsPerKwh) is >= 0 and var wrong)
            throw new UsageException(FormattableString.Invariant($"{file.Name}: {hours[wrong].GramsPerKwh:0.#} g/kWh at {hours[wrong].Hour} is not between 0 and {HourlyIntensity.MostGramsPerKwh}. Are these milligrams, or grams a MWh? Nothing was imported."));
        if (hours.TrueForAll(h => h.GramsPerKwh < LeastGramsPerKwh)) throw new UsageException(FormattableString.Invariant($"{file.Name}: no hour has {LeastGramsPerKwh} g/kWh or more. Are these kilograms? Nothing was imported."));
        return Offline.RunAsync(async (services, _) =>
        {
            if (!await services.GetRequiredService<ICarbonIntensities>().StoreAsync(kind, hours, ct))
                throw new UsageException($"The registry holds hours of another kind than {(kind is CarbonKind.Direct ? "direct" : "life-cycle")}: figures of two kinds cannot be added up. Nothing was imported.");
            Console.WriteLine($"Imported {Counted.Of(hours.Count, "hour")}, from {hours[0].Hour} to {hours[^1].Hour}.");
            return 0;
        }, ct);
    }
}
