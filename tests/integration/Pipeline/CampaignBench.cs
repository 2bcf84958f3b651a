using System.Globalization;
using System.Text;
using Grid.Domain;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>A registry of made-up homes in a folder of its own, for commands about many of them.</summary>
internal sealed class CampaignBench : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-campaigns-").FullName;

    private CampaignBench() => Grid = new(("Registry__ConnectionString", $"Data Source={Path.Combine(_folder, "registry.db")}"));

    public ServedGrid Grid { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="homes">In building A, named h-00 and so on; an office stands beside them.</param>
    public static async Task<CampaignBench> StartAsync(int homes)
    {
        CampaignBench bench = new();
        StringBuilder csv = new("neighbourhood,time_zone,building,household,dwelling,heating,meter,meter_kind,gateway,installed_from\n");
        for (var i = 0; i < homes; i++) csv.Append(CultureInfo.InvariantCulture, $"Issy,Europe/Paris,A,h-{i:00},apartment,{(i % 2 == 0 ? "electric" : "other")},m-{i},main,gw-1,2024-01-01T00:00:00Z\n");
        csv.Append("Issy,Europe/Paris,A,office-1,office,other,m-office,main,gw-1,2024-01-01T00:00:00Z\n");
        (await bench.Grid.CommandAsync("registry", "import", bench.File("homes.csv", csv.ToString()))).ExitCode.Should().Be(0);
        return bench;
    }

    public ServiceProvider Services() => new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
        .AddStorage(new StoreOptions(), new RegistryOptions { ConnectionString = $"Data Source={Path.Combine(_folder, "registry.db")}" }, _folder).BuildServiceProvider();

    public async Task StoreAsync(IEnumerable<HouseholdDay> days)
    {
        await using var services = Services();
        await services.GetRequiredService<IHouseholdDays>().ReplaceAsync([.. days], [], Stop);
    }

    public async Task StoreTemperaturesAsync(LocalDate first, LocalDate last)
    {
        var paris = LocalCalendar.For(LocalCalendar.DefaultZone);
        List<HourlyTemperature> hours = [];
        for (var at = paris.StartOf(first); at < paris.StartOf(last.PlusDays(1)); at += Duration.FromHours(1)) hours.Add(new(at, Celsius(paris.DayOf(at))));
        await using var services = Services();
        await services.GetRequiredService<ITemperatures>().StoreAsync(hours, Stop);
    }

    /// <summary>A day that follows the weather, nearly.</summary>
    /// <param name="halved">From 18 to 20 h half is used.</param>
    public static HouseholdDay Day(int home, LocalDate day, double factor = 1, bool halved = false)
    {
        Random random = new((((day.Year * 400) + day.DayOfYear) * 1_000) + home);
        var wh = (6_000 + (500 * Math.Max(0, 16 - Celsius(day)))) * factor * (0.95 + (0.1 * random.NextDouble())) / 48;
        return new(Home(home), day, [.. LocalCalendar.For(LocalCalendar.DefaultZone).SlotsOf(day).Select((_, i) => new SlotEnergy((long)(halved && i is >= 36 and < 40 ? wh / 2 : wh), null, Quality.Measured))]);
    }

    public static HouseholdId Home(int number) => HouseholdId.Parse($"h-{number:00}");

    public async Task SaysAsync(int code, string said, params string[] command)
    {
        var (ended, output) = await Grid.CommandAsync(command);
        ended.Should().Be(code, output);
        output.Should().Contain(said);
    }

    public string File(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, text, Encoding.UTF8);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static double Celsius(LocalDate day) => 12 - (8 * Math.Cos(2 * Math.PI * (day.DayOfYear - 15) / 365.0)) + (2 * Math.Sin(day.DayOfYear * 1.7));
}
