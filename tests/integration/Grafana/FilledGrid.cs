using Grid.Domain;
using Grid.FirmwareSim;
using Grid.IntegrationTests.Pipeline;
using Grid.IntegrationTests.Servers;
using Grid.Jobs;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Grid.IntegrationTests.Grafana;

/// <summary>Ten days of a few homes that went through the whole pipeline into a real InfluxDB.</summary>
internal sealed class FilledGrid : IAsyncDisposable
{
    private const int Days = 10;
    private const int LiveReadings = 10;

    private static readonly Duration HalfHour = Duration.FromMinutes(30);

    private readonly RealInflux _influx;
    private readonly RunningGrid _grid;
    private int _sent;

    private FilledGrid(RealInflux influx, RunningGrid grid, ReadOnlyAccount account, Instant now) =>
        (_influx, _grid, Account, Now) = (influx, grid, account, now);

    public static LocalCalendar Calendar { get; } = LocalCalendar.For(LocalCalendar.DefaultZone);

    public ReadOnlyAccount Account { get; }

    public Instant Now { get; }

    /// <summary>Midnight before the first reading.</summary>
    public Instant Start => Calendar.StartOf(Today.PlusDays(-Days));

    public LocalDate Today => Calendar.DayOf(Now);

    public int Homes { get; private set; }

    /// <summary>The home-days as the registry has them: the truth behind the copy.</summary>
    public Task<IReadOnlyList<DayTotal>> TotalsAsync(CancellationToken ct) =>
        _grid.Services.GetRequiredService<IHouseholdDays>().TotalsAsync(Today.PlusDays(-Days), Today.PlusDays(1), ct);

    public static async Task<FilledGrid> StartAsync(CancellationToken ct)
    {
        var influx = await RealInflux.StartAsync();
        var grid = await RunningGrid.StartAsync(new Parts { Influx = influx });
        var now = Instant.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var filled = new FilledGrid(influx, grid, await ReadOnlyAccount.CreateAsync(influx), now);
        try
        {
            await filled.FillAsync(ct);
            return filled;
        }
        catch
        {
            await filled.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _grid.DisposeAsync();
        await Account.DisposeAsync();
        await _influx.DisposeAsync();
    }

    private async Task FillAsync(CancellationToken ct)
    {
        // Two publications at once could leave the older of two versions of a day: here only the one below runs.
        var scheduler = await _grid.Services.GetRequiredService<ISchedulerFactory>().GetScheduler(ct);
        await Eventually.BecomesTrueAsync("the schedule ran", TimeSpan.FromSeconds(30), _ => Task.FromResult(scheduler.Status is SchedulerStatus.Running), ct);
        await scheduler.Standby(ct);
        var homes = new SimulatedNeighbourhood(seed: 11, homes: 3);
        var solar = Pipeline.Homes.Behind(Pipeline.Homes.NewGateway(), ["solar"]);
        var registry = solar with
        {
            Households = [.. homes.Homes.Select(h => h.Household), .. solar.Households],
            Meters = [.. homes.Registry.Select(r => r.Meter), .. solar.Meters],
        };
        Homes = registry.Households.Count;
        await _grid.RegisterAsync(registry, Pipeline.Homes.Secret);
        await using (var fleet = new Fleet(new() { Port = _grid.MqttPort }, homes, _ => Pipeline.Homes.Secret, TimeProvider.System))
        {
            await fleet.BackfillAsync(_ => Start, Now, null, ct);
            _sent += (int)fleet.Sent.ReadingsSent;
        }

        await SendAsync(solar.Meters[0].Gateway, SolarReadings(homes.Homes[0], solar.Meters[0].Meter), ct);
        foreach (var home in homes.Homes) await SendAsync(home.Gateway, Live(home), ct);
        await _grid.SettleAsync(_sent);
        while (await _grid.Services.GetRequiredService<Publication>().RunOnceAsync(ct) > 0) ct.ThrowIfCancellationRequested();
    }

    // A home as irregular as homes are: feeds in, began at noon, and was not heard of for three hours.
    private IEnumerable<Reading> SolarReadings(SimulatedHome like, MeterName meter)
    {
        var (noon, lost) = (Start + Duration.FromHours(12), Start + Duration.FromHours(60));
        for (var at = Start; at <= Now; at += HalfHour)
            if (at >= noon && (at <= lost || at > lost + Duration.FromHours(3)))
                yield return new(meter, at, new(like.RegisterWh(at), ExportWh: (long)((at - Start).TotalMinutes * 7)));
    }

    private IEnumerable<Reading> Live(SimulatedHome home) =>
        Enumerable.Range(1, LiveReadings).Select(minutes => home.LiveReadingAt(Now - Duration.FromMinutes(LiveReadings - minutes)));

    private async Task SendAsync(GatewayName gateway, IEnumerable<Reading> readings, CancellationToken ct)
    {
        // A gateway that starts anew opens an epoch, which must be higher than that of the back-fill.
        await using var client = new GatewayClient(
            new(gateway, Pipeline.Homes.Secret) { Port = _grid.MqttPort, Epoch = Now.ToUnixTimeSeconds() + 3_600 }, TimeProvider.System);
        foreach (var some in readings.Chunk(96))
        {
            await client.SendAsync(some, ct);
            _sent += some.Length;
        }
    }
}
