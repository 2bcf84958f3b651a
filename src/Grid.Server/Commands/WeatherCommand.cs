using System.CommandLine;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Server;

/// <summary>Outdoor temperatures from a file, into the registry.</summary>
internal static class WeatherCommand
{
    private const double FahrenheitPerCelsius = 1.8;
    private const double FreezingFahrenheit = 32;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "A CSV file, plain or gzip: start,value with one row an hour (an instant such as 2026-01-01T00:00:00Z); or day,mean with one row a local day, which then stands for all its hours.",
        };
        var fahrenheit = new Option<bool>("--fahrenheit") { Description = "The file is in degrees Fahrenheit; otherwise Celsius." };
        var import = new Command("import", "Adds the file's temperatures to the neighbourhood's; an hour that is there already is replaced. Importing again changes nothing.") { file, fahrenheit };
        import.SetAction((parsed, ct) =>
        {
            var path = parsed.GetRequiredValue(file);
            return path.Exists ? ImportAsync(path, parsed.GetValue(fahrenheit), ct) : throw new UsageException($"There is no file {path.FullName}.");
        });
        return new Command("weather", "Outdoor temperatures of the neighbourhood. Grid:Weather names a source to fetch them from instead.") { import };
    }

    private static Task<int> ImportAsync(FileInfo file, bool isFahrenheit, CancellationToken ct) => Offline.RunAsync(async (services, _) =>
    {
        var registry = services.GetRequiredService<CurrentRegistry>();
        await registry.RefreshAsync(ct);
        List<HourlyTemperature> hours = [.. Hours(file, registry.Snapshot.Calendar).Select(h => h with { Celsius = isFahrenheit ? (h.Celsius - FreezingFahrenheit) / FahrenheitPerCelsius : h.Celsius })];
        if (hours.Count == 0) throw new UsageException($"{file.Name} has no temperature: every value is empty. Nothing was imported.");
        if (hours.Find(h => h.Celsius is < HourlyTemperature.LeastCelsius or > HourlyTemperature.MostCelsius) is { Hour: var at, Celsius: not 0 and var nowhere })
            throw new UsageException(FormattableString.Invariant($"{file.Name}: {nowhere:0.#} °C at {at} is nowhere. Are these degrees Fahrenheit? Then say --fahrenheit. Nothing was imported."));
        await services.GetRequiredService<ITemperatures>().StoreAsync(hours, ct);
        Console.WriteLine($"Imported {Counted.Of(hours.Count, "hour")}, from {hours.Min(h => h.Hour)} to {hours.Max(h => h.Hour)}.");
        return 0;
    }, ct);

    private static IEnumerable<HourlyTemperature> Hours(FileInfo file, LocalCalendar calendar)
    {
        if (SeriesFile.ReadLocalDays(file.FullName) is { } days)
        {
            foreach (var (day, mean) in days)
            {
                var (start, end) = calendar.Whole(day);
                for (var hour = HourlyTemperature.HourOf(start); hour < end; hour += Duration.FromHours(1)) yield return new(hour, mean);
            }

            yield break;
        }

        if (SeriesFile.ReadDays(file.FullName) is not null) throw new UsageException($"{file.Name}: these are means of UTC days: give hours, start,value, or local days, day,mean. Nothing was imported.");
        foreach (var (hour, mean) in SeriesFile.ReadHours(file.FullName)) yield return new(hour, mean);
    }
}
