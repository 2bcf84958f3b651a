using Grid.Domain;
using Grid.FirmwareSim;
using Grid.Ingest;
using Grid.IntegrationTests.Servers;
using Grid.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Pipeline;

[Collection(SharedMosquitto.Name)]
public class RepeatedDayTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task The_same_days_sent_ten_times_and_shuffled_change_nothing(bool onInflux, bool behindMosquitto)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var influx = onInflux ? await RealInflux.StartAsync() : null;
        await using var grid = await RunningGrid.StartAsync(new Parts
        {
            Influx = influx, Mosquitto = behindMosquitto ? RealMosquitto.OrSkip() : null, MaxAge = TimeSpan.FromDays(30 * 365),
        });
        var recording = RecordingFile.Open(Checkout.Case("recordings/made-by-firmware-sim-wide.csv")).ReadSeries();
        var gateway = Homes.NewGateway();
        await grid.RegisterAsync(Homes.Behind(gateway, recording.Select(r => r.Household)), Homes.Secret);
        var options = new ReplayOptions { Port = grid.MqttPort, GatewayOf = _ => gateway, SecretOf = _ => Homes.Secret, ReadingsPerMessage = 40, Epoch = 1 };
        var once = await Replay.RunAsync(recording, options, TimeProvider.System, null, ct);
        await grid.SettleAsync((int)once.ReadingsSent);
        var (readings, days) = await StateAsync(grid, recording);

        await using (var client = new GatewayClient(new(gateway, Homes.Secret) { Port = grid.MqttPort, Epoch = 1, Window = 16 }, TimeProvider.System))
        {
            await client.ConnectAsync(ct);
            var messages = Replay.Messages(recording, 1, 1, options).ToArray();
            for (var round = 0; round < 10; round++)
            {
                new Random(round).Shuffle(messages);
                foreach (var message in messages) await client.PostAsync(message.Kind, message.Payload, ct);
                await client.FlushAsync();
            }
        }

        await grid.SettleAsync(11 * (int)once.ReadingsSent);

        var (readingsAfter, daysAfter) = await StateAsync(grid, recording);
        readingsAfter.Should().Equal(readings);
        daysAfter.Should().Equal(days);
        readings.Should().HaveCount((int)once.ReadingsSent);
        (await grid.Services.GetRequiredService<ILedger>().SequencesAsync(null, ct))[new(gateway, 1)].StoredThrough.Should().Be(Replay.CountMessages(recording, options));
    }

    private static async Task<(List<Reading> Readings, List<string> Days)> StateAsync(RunningGrid grid, IReadOnlyList<IntervalSeries> recording)
    {
        var ct = TestContext.Current.CancellationToken;
        List<Reading> readings = [];
        List<string> days = [];
        foreach (var series in recording)
        {
            await foreach (var reading in grid.Services.GetRequiredService<IReadingStore>()
                .ReadAsync(MeterName.Parse(series.Household), Instant.FromUnixTimeSeconds(0), Instant.FromUtc(2100, 1, 1, 0, 0), ct)) readings.Add(reading);
            var held = await grid.Services.GetRequiredService<IHouseholdDays>().ReadAsync(HouseholdId.Parse(series.Household), new(1990, 1, 1), new(2100, 1, 1), ct);
            days.AddRange(held.Select(d => $"{d.Household} {d.Day} {d.Quality} {string.Join(' ', d.Slots)}"));
        }

        return (readings, days);
    }
}
