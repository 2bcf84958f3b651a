using Grid.Domain;
using Grid.FirmwareSim;
using Grid.Ingest;
using Grid.Jobs;

namespace Grid.Server;

/// <summary>The demo from start to Ctrl-C: prepare, start the server, send the history through MQTT like any other reading, then live.</summary>
internal static class DemoRun
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WeatherInterval = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(DemoOptions options, CancellationToken ct)
    {
        if (options.Port == options.MqttPort) throw new UsageException($"--port and --mqtt-port are both {options.Port}: give them different ports.");
        var clock = TimeProvider.System;
        var progress = new DemoProgress(clock);
        using var node = NodeLock.Take(options.DataDirectory);
        Ports.RequireFree(options.Port, "--port");
        Ports.RequireFree(options.MqttPort, "--mqtt-port");
        var builder = GridHost.CreateBuilder(options.Settings());
        var ready = new DemoReady();
        builder.Services.AddHealthChecks().AddCheck("history", ready, tags: [GridHost.ReadyTag]);
        await using var app = GridHost.Build(builder);
        var files = new DemoFiles(options.DataDirectory);
        var neighbourhood = new DemoNeighbourhood(app.Services, files, clock);
        var (state, homes) = await neighbourhood.PrepareAsync(options, ct);
        Console.WriteLine(FormattableString.Invariant($"{options.Households} homes, {options.HistoryDays} days of half-hours, in {options.DataDirectory}"));
        await app.StartAsync(ct);
        try
        {
            await using var fleet = new Fleet(new FleetOptions { Port = options.MqttPort, ParallelHomes = 16 }, homes, state.SecretOf, clock);
            await FillAsync(app.Services, neighbourhood, fleet, homes, progress, clock, ct);
            ready.HistoryIsIn();
            Console.WriteLine(FormattableString.Invariant($"Ready after {progress.Elapsed.TotalSeconds:0} s: http://localhost:{options.Port}"));
            Console.WriteLine("Accounts and passwords:");
            Console.WriteLine(files.Accounts);
            Console.WriteLine("One reading a minute from now on. Ctrl-C ends it.");
            await Task.WhenAny(fleet.LiveAsync(ct), WeatherAsync(neighbourhood, homes, clock, ct), app.WaitForShutdownAsync(ct)).Unwrap();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Console.WriteLine("Stopping.");
        }

        await app.StopAsync(CancellationToken.None);
        return 0;
    }

    private static async Task FillAsync(
        IServiceProvider services,
        DemoNeighbourhood neighbourhood,
        Fleet fleet,
        SimulatedNeighbourhood homes,
        DemoProgress progress,
        TimeProvider clock,
        CancellationToken ct)
    {
        var aside = Task.WhenAll(neighbourhood.MakeAccountsAsync(homes, ct), neighbourhood.StoreWeatherAsync(homes, homes.Origin, ct));
        var latest = await services.GetRequiredService<IReadingStore>().LatestAsync([.. homes.Homes.Select(h => h.Meter)], ct);
        var resume = homes.Homes.ToDictionary(h => h.Gateway, h => latest.TryGetValue(h.Meter, out var last) ? last.At : homes.Origin);
        await progress.RunAsync("Sending the history", tell => fleet.BackfillAsync(
            g => resume[g],
            Instant.FromDateTimeOffset(clock.GetUtcNow()),
            new Told(sent => tell(sent.MessagesInAll == 0 ? 1 : (double)sent.MessagesSent / sent.MessagesInAll)),
            ct));

        var ingest = services.GetRequiredService<IngestState>();
        await progress.RunAsync("Storing", tell => UntilZeroAsync(() => Task.FromResult(ingest.PendingItems), tell, clock, ct));
        var days = services.GetRequiredService<IHouseholdDays>();
        await progress.RunAsync("Aggregating", tell => UntilZeroAsync(async () => await days.CountTouchedAsync(ct), tell, clock, ct));
        await aside; // reports speak of the weather
        await progress.RunAsync("Writing reports", _ => services.GetRequiredService<Periods>().RunAsync(ct));
    }

    private static async Task UntilZeroAsync(Func<Task<long>> left, Action<double> tell, TimeProvider clock, CancellationToken ct)
    {
        var most = 1L;
        while (await left() is > 0 and var now)
        {
            most = Math.Max(most, now);
            tell(1 - ((double)now / most));
            await Task.Delay(Poll, clock, ct);
        }
    }

    private static async Task WeatherAsync(DemoNeighbourhood neighbourhood, SimulatedNeighbourhood homes, TimeProvider clock, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(WeatherInterval, clock);
        while (await timer.WaitForNextTickAsync(ct))
            await neighbourhood.StoreWeatherAsync(homes, Instant.FromDateTimeOffset(clock.GetUtcNow()) - Duration.FromHours(3), ct);
    }

    // Progress<T> would post to the thread pool and print out of order.
    private sealed class Told(Action<FleetProgress> tell) : IProgress<FleetProgress>
    {
        public void Report(FleetProgress value) => tell(value);
    }
}
