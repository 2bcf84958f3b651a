using Grid.Analytics;
using Grid.Domain;
using Grid.Jobs;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Benchmarks;

/// <summary>What the jobs take for a neighbourhood of two years: in this process, on either reading store, with the registry in SQLite.</summary>
internal sealed class JobsCase(Bench bench, int runs, int homes)
{
    private const int BackfillDays = 30;
    private const int FitRounds = 40;
    private const int ReadingsAtOnce = 20_000;
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);
    private static readonly LocalDate First = new(2024, 1, 1);
    private static readonly LocalDate Today = new(2026, 1, 2);

    public async Task RunAsync(CancellationToken ct)
    {
        var table = bench.Report.Table($"jobs: {homes} homes, two years of days, {BackfillDays} days of half-hours filled in later");
        for (var run = 1; run <= runs; run++)
        {
            bench.Report.Progress($"jobs, run {run}: one fit");
            table.Add("one baseline fit", "ms", OneFit());
            foreach (var store in (StoreKind[])[StoreKind.Embedded, StoreKind.InfluxDb]) await RunAsync(run, store, table, ct);
        }

        bench.Report.Goal("jobs: one baseline fit, ms on one core, at most", table.Median("one baseline fit", "ms"), 10, atLeast: false);
        foreach (var row in (string[])[Row(StoreKind.Embedded), Row(StoreKind.InfluxDb)])
        {
            bench.Report.Goal($"jobs, {row}: baselines and savings, s, at most", table.Median(row, "baselines and savings s"), 30, atLeast: false);
            bench.Report.Goal($"jobs, {row}: reports of a month, s, at most", table.Median(row, "reports of a month s"), 60, atLeast: false);
            bench.Report.Goal($"jobs, {row}: {BackfillDays} days aggregated again, s, at most", table.Median(row, "aggregated again s"), 60, atLeast: false);
        }
    }

    private async Task RunAsync(int run, StoreKind kind, Table table, CancellationToken ct)
    {
        var row = Row(kind);
        using var directory = bench.NewDirectory();
        await using var influx = kind is StoreKind.InfluxDb ? await InfluxServer.StartAsync(directory.Of("influx"), ct) : null;
        var options = influx is null ? new StoreOptions() : new StoreOptions { Kind = kind, Url = influx.Url.ToString(), Database = "grid" };
        await using var services = new ServiceCollection().AddLogging(l => l.SetMinimumLevel(LogLevel.Error)).AddMetrics().AddSingleton<TimeProvider>(new StandingClock(Paris.StartOf(Today)))
            .AddStorage(options, new(), MadeDirectory(directory.Of("grid"))).AddJobWork(new(), TimeSpan.FromDays(45)).BuildServiceProvider();
        await services.MigrateRegistryAsync(ct);
        bench.Report.Progress($"jobs, run {run}, {row}: making two years of {homes} homes");
        await FillAsync(services, ct);

        var runner = services.GetRequiredService<PeriodRunner>();
        var works = services.GetServices<IPeriodicWork>().ToDictionary(w => w.Job, StringComparer.Ordinal);
        bench.Report.Progress($"jobs, run {run}, {row}: baselines and savings");
        table.Add(row, "baselines and savings s", await TimedAsync(async () =>
        {
            await runner.RunAsync(works["baseline"], ct);
            await runner.RunAsync(works["savings"], ct);
        }));
        bench.Report.Progress($"jobs, run {run}, {row}: costs and reports");
        await runner.RunAsync(works["cohorts"], ct);
        await runner.RunAsync(works["counted"], ct);
        var reports = 0;
        var costs = await TimedAsync(() => runner.RunAsync(works["costs"], ct));
        var seconds = await TimedAsync(async () => reports = await runner.RunAsync(works["reports"], ct));
        var months = reports / (double)homes;
        table.Add(row, "costs of a month s", costs / months);
        table.Add(row, "reports of a month s", seconds / months);
        table.Add(row, "what everybody is told of a month s", await TimedAsync(() => runner.RunAsync(works["aggregates"], ct)) / months);

        bench.Report.Progress($"jobs, run {run}, {row}: {BackfillDays} days filled in");
        await BackfillAsync(services, ct);
        var aggregation = services.GetRequiredService<Aggregation>();
        table.Add(row, "aggregated again s", await TimedAsync(async () =>
        {
            while (await aggregation.RunOnceAsync(ct) > 0) ct.ThrowIfCancellationRequested();
        }));
    }

    private static string MadeDirectory(string path) => Directory.CreateDirectory(path).FullName;

    private static string Row(StoreKind kind) => kind is StoreKind.InfluxDb ? "InfluxDB" : "embedded store";

    private static async Task<double> TimedAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double OneFit()
    {
        UseDay[] days = [.. Enumerable.Range(0, 365).Select(i => First.PlusDays(i)).Select(day => new UseDay(day, Wh(1, day) / 1000.0, UseDay.Fahrenheit(Celsius(day))))];
        Baseline.Fit(days, First, First.PlusDays(364));
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < FitRounds; i++) Baseline.Fit(days, First, First.PlusDays(364));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / FitRounds;
    }

    private async Task FillAsync(IServiceProvider services, CancellationToken ct)
    {
        var households = Enumerable.Range(0, homes).Select(i => new Household(Home(i), $"b-{i / 40}", DwellingKind.Apartment, HeatingKind.Electric, 40 + (i % 60), 1 + (i % 4))).ToList();
        var meters = Enumerable.Range(0, homes).Select(i => new MeterInstall(Meter(i), MeterKind.Main, GatewayName.Parse($"gw-{i:0000}"), Home(i), Paris.StartOf(First), null)).ToList();
        var faults = await services.GetRequiredService<RegistryEditor>().ApplyAsync(new("bench", LocalCalendar.DefaultZone, households, meters), ct);
        if (faults.Count > 0) throw new InvalidOperationException(faults[0]);
        await services.GetRequiredService<CurrentRegistry>().RefreshAsync(ct);
        var prices = services.GetRequiredService<IPrices>();
        await prices.StoreAsync([new Tariff("hphc", First, TariffOption.PeakOffPeak, 9, 15.65m, new Dictionary<PricePeriod, decimal> { [PricePeriod.OffPeak] = 0.1579m, [PricePeriod.Peak] = 0.2065m }, null, 0.2m, 0.2m)], ct);
        await prices.StoreAsync([.. households.Select(h => new Contract(h.Id, First, "hphc", OffPeakHours.Night))], ct);
        var days = services.GetRequiredService<IHouseholdDays>();
        for (var i = 0; i < homes; i++) await days.ReplaceAsync([.. Dates(First, Today).Select(day => DayOf(i, day))], [], ct);
        await services.GetRequiredService<ITemperatures>().StoreAsync([.. Dates(First, Today).SelectMany(Hours)], ct);
    }

    /// <summary>Readings of the last days, as if they came only now, with the marks that settling leaves.</summary>
    private async Task BackfillAsync(IServiceProvider services, CancellationToken ct)
    {
        var store = services.GetRequiredService<IReadingStore>();
        var from = Today.PlusDays(-BackfillDays);
        List<Reading> readings = [];
        for (var i = 0; i < homes; i++)
        {
            long register = 0;
            foreach (var slot in Dates(from, Today).SelectMany(Paris.SlotsOf))
            {
                readings.Add(new(Meter(i), slot.Start, new(register)));
                register += Wh(i, Paris.DayOf(slot.Start)) / 48;
            }

            readings.Add(new(Meter(i), Paris.StartOf(Today), new(register)));
            if (readings.Count < ReadingsAtOnce) continue;
            await store.WriteAsync(readings, ct);
            readings.Clear();
        }

        await store.WriteAsync(readings, ct);
        HashSet<(MeterName, LocalDate)> touched = [.. Enumerable.Range(0, homes).SelectMany(i => Dates(from, Today).Select(day => (Meter(i), day)))];
        await services.GetRequiredService<ILedger>().RecordAsync(new([], [], new Dictionary<GatewayEpoch, SequenceSet>(), touched), ct);
    }

    private static HouseholdId Home(int i) => HouseholdId.Parse($"h-{i:0000}");

    private static MeterName Meter(int i) => MeterName.Parse($"m-{i:0000}");

    private static IEnumerable<LocalDate> Dates(LocalDate from, LocalDate to)
    {
        for (var day = from; day < to; day = day.PlusDays(1)) yield return day;
    }

    private static HouseholdDay DayOf(int home, LocalDate day)
    {
        var (wh, slots) = (Wh(home, day), Paris.SlotsOf(day));
        return new(Home(home), day, [.. slots.Select((_, i) => new SlotEnergy((wh / slots.Count) + i, null, Quality.Measured))]);
    }

    private static double Celsius(LocalDate day) => 12 - (9 * Math.Cos(2 * Math.PI * (day.DayOfYear - 15) / 365)) + (Period.DaysBetween(First, day) * 7919 % 40 / 10.0) - 2;

    private static long Wh(int home, LocalDate day) =>
        5_000 + (home % 50 * 60) + (Period.DaysBetween(First, day) * (home + 3) * 104_729L % 3_000) + (long)(800 * Math.Max(0, 16 - Celsius(day)) * (day.Year == 2025 ? 0.95 : 1));

    private static IEnumerable<HourlyTemperature> Hours(LocalDate day)
    {
        var (start, end) = Paris.Whole(day);
        for (var hour = start; hour < end; hour += Duration.FromHours(1)) yield return new(hour, Celsius(day));
    }

    private sealed class StandingClock(Instant now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now.ToDateTimeOffset();
    }
}
