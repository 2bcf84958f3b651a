using Grid.Domain;
using Grid.Jobs;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>What jobs make of household-days and weather, on a registry of its own: 25 homes that heat with electricity, 15 months, without a schedule.</summary>
internal sealed class PeriodsBench : IAsyncDisposable
{
    public const int Homes = 25;
    public static readonly LocalDate First = new(2025, 1, 1);
    public static readonly LocalDate Today = new(2026, 4, 2);
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);

    private readonly ServiceProvider _services;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-periods-");

    private PeriodsBench(RegistryOptions registry, TimeProvider? clock, Func<IJobRuns, IJobRuns>? runs)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(clock ?? new FakeTimeProvider(Paris.StartOf(Today).ToDateTimeOffset()))
            .AddStorage(new(), registry, _folder.FullName).AddJobWork(new(), TimeSpan.FromDays(45));
        if (runs is not null)
        {
            var inner = services.Last(s => s.ServiceType == typeof(IJobRuns)).ImplementationType!;
            services.AddSingleton(p => runs((IJobRuns)ActivatorUtilities.CreateInstance(p, inner)));
        }

        _services = services.BuildServiceProvider();
    }

    public static HouseholdId Home(int number) => HouseholdId.Parse($"h-{number:00}");

    /// <param name="clock">On the second of April 2026 unless said.</param>
    /// <param name="runs">Stands before the registry's own.</param>
    public static async Task<PeriodsBench> StartAsync(RegistryOptions? registry = null, TimeProvider? clock = null, Func<IJobRuns, IJobRuns>? runs = null)
    {
        PeriodsBench bench = new(registry ?? new(), clock, runs);
        await bench._services.MigrateRegistryAsync(CancellationToken.None);
        return bench;
    }

    /// <summary>The neighbourhood and all its days; from 2026 on homes with an even number use a quarter less.</summary>
    public async Task FillAsync()
    {
        var homes = Enumerable.Range(0, Homes).Select(i => new Household(Home(i), "b", DwellingKind.Apartment, HeatingKind.Electric, 60, 2)).ToList();
        var meters = homes.Select(h => new MeterInstall(MeterName.Parse("m-" + h.Id), MeterKind.Main, GatewayName.Parse("gw-1"), h.Id, Paris.StartOf(First), null));
        (await Get<RegistryEditor>().ApplyAsync(new("n", LocalCalendar.DefaultZone, homes, [.. meters]), CancellationToken.None)).Should().BeEmpty();
        await RefreshAsync();
        for (var i = 0; i < Homes; i++) await Get<IHouseholdDays>().ReplaceAsync([.. DaysTo(Today).Select(day => Day(i, day))], [], CancellationToken.None);
        await Get<ITemperatures>().StoreAsync([.. DaysTo(Today).SelectMany(Hours)], CancellationToken.None);
    }

    public Task RefreshAsync() => Get<CurrentRegistry>().RefreshAsync(CancellationToken.None);

    public Task<int> RunAsync(CancellationToken ct = default) => Get<Periods>().RunAsync(ct);

    /// <summary>Every result of every version, as kind, subject, period, version and bytes.</summary>
    public async Task<List<string>> EverythingAsync()
    {
        await using var scope = _services.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<RegistryContext>();
        return [.. registry.Results.AsEnumerable().Select(r => $"{r.Kind} {r.Subject} {r.Period} {r.Version} {System.Text.Encoding.UTF8.GetString(r.Json)}").Order(StringComparer.Ordinal)];
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static HouseholdDay Day(int home, LocalDate day, double factor = 1)
    {
        Random random = new((home * 1_000) + Period.DaysBetween(First, day));
        var wh = (7_000 + (900 * Math.Max(0, 16 - Celsius(day))) + (2_500 * random.NextDouble())) * (day.Year == 2026 && home % 2 == 0 ? 0.75 : 1) * (1 + (0.02 * home)) * factor;
        var slots = Paris.SlotsOf(day);
        return new(Home(home), day, [.. slots.Select(_ => new SlotEnergy((long)wh / slots.Count, null, Quality.Measured))]);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private static IEnumerable<LocalDate> DaysTo(LocalDate end)
    {
        for (var day = First; day < end; day = day.PlusDays(1)) yield return day;
    }

    private static double Celsius(LocalDate day) => 12 - (9 * Math.Cos(2 * Math.PI * (day.DayOfYear - 15) / 365)) + (new Random(Period.DaysBetween(First, day)).NextDouble() * 4) - 2;

    private static IEnumerable<HourlyTemperature> Hours(LocalDate day)
    {
        var (start, end) = Paris.Whole(day);
        for (var hour = start; hour < end; hour += Duration.FromHours(1)) yield return new(hour, Celsius(day));
    }
}
