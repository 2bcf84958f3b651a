using System.Net.Http.Json;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.IntegrationTests.Servers;
using Grid.Wire;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Recorded homes through the whole pipeline: each complete day's energy is the file's, and a day with a gap says so.</summary>
[Collection(SharedMosquitto.Name)]
public class RealHouseholdsTests
{
    // The recordings' clock has no summer time; in the IANA names a plus sign is west of Greenwich.
    private const string FixedUtcPlus10 = "Etc/GMT-10";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Forty_five_real_homes_come_out_as_they_went_in(bool onInflux, bool behindMosquitto) =>
        await HoldAsync(Checkout.Neighbouring("data", "households", "sgsc-30min-wh.csv.gz"), FixedUtcPlus10, onInflux, behindMosquitto);

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, true, true)]
    public async Task The_small_recording_comes_out_as_it_went_in(bool onInflux, bool behindMosquitto, bool onPostgres) =>
        await HoldAsync(Checkout.Case("recordings/made-by-firmware-sim-wide.csv"), LocalCalendar.DefaultZone, onInflux, behindMosquitto, onPostgres);

    private static async Task HoldAsync(string file, string timeZone, bool onInflux, bool behindMosquitto, bool onPostgres = false)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var influx = onInflux ? await RealInflux.StartAsync() : null;
        var mosquitto = behindMosquitto ? RealMosquitto.OrSkip() : null;
        var recording = RecordingFile.Open(file).ReadSeries();
        await using var postgres = onPostgres ? await RealPostgres.StartAsync() : null;
        await using var grid = await RunningGrid.StartAsync(new Parts { Influx = influx, Mosquitto = mosquitto, Postgres = postgres, MaxAge = TimeSpan.FromDays(30 * 365) });
        var gateway = Homes.NewGateway();
        await grid.RegisterAsync(Homes.Behind(gateway, recording.Select(r => r.Household), timeZone), Homes.Secret);

        var sent = await Replay.RunAsync(
            recording, new() { Port = grid.MqttPort, GatewayOf = _ => gateway, SecretOf = _ => Homes.Secret, Window = 32 }, TimeProvider.System, null, ct);
        await grid.SettleAsync((int)sent.ReadingsSent);

        using var resident = await grid.ResidentAsync(recording.Select(r => HouseholdId.Parse(r.Household)));
        var calendar = LocalCalendar.For(timeZone);
        foreach (var series in recording) await HoldAsync(resident, series, calendar, ct);
    }

    private static async Task HoldAsync(HttpClient resident, IntervalSeries series, LocalCalendar calendar, CancellationToken ct)
    {
        var expected = series.Intervals.ToLookup(i => calendar.DayOf(i.Start));
        var (first, last) = (expected.Min(d => d.Key), expected.Max(d => d.Key));
        var answer = await resident.GetFromJsonAsync<ConsumptionJson>(
            $"/api/v1/households/{series.Household}/consumption?from={first:uuuu-MM-dd}&to={last.PlusDays(1):uuuu-MM-dd}&granularity=day", ct);

        answer!.Values.Should().HaveCount(Period.DaysBetween(first, last) + 1);
        foreach (var (value, index) in answer.Values.Select((value, index) => (value, index)))
        {
            var day = first.PlusDays(index);
            var intervals = expected[day].ToList();
            var isWhole = intervals.Count == calendar.SlotsOf(day).Count;
            var what = $"{series.Household} on {day:uuuu-MM-dd}";
            value.Quality.Should().Be(intervals.Count == 0 ? "unknown" : isWhole ? "measured" : "partial", what);
            value.ImportWh.Should().Be(intervals.Count == 0 ? null : intervals.Sum(i => i.Wh), what);
        }
    }

    private sealed record ConsumptionJson(IReadOnlyList<ValueJson> Values);

    private sealed record ValueJson(DateTimeOffset Start, long? ImportWh, long? ExportWh, string Quality);
}
