using Grid.Domain;
using Grid.IntegrationTests.Servers;
using Grid.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>The days that go wrong elsewhere, through settling, either reading store, and aggregation: to 0 Wh.</summary>
public class CalendarThroughStoresTests
{
    private const int FirstYear = 2020;
    private const int LastYear = 2040;
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_of_the_clocks_and_every_end_of_a_year_adds_up_in_the_embedded_store() => await AddsUpAsync(store: null);

    [Fact]
    public async Task Every_change_of_the_clocks_and_every_end_of_a_year_adds_up_in_InfluxDB()
    {
        await using var influx = await RealInflux.StartAsync();
        StoreOptions options = new() { Kind = StoreKind.InfluxDb, Url = influx.Url.ToString(), Database = influx.Database, User = influx.User, Password = influx.Password };
        await AddsUpAsync(new InfluxReadingStore(new InfluxClient(new HttpClient(), options), NullLogger<InfluxReadingStore>.Instance, TimeProvider.System));
    }

    private static async Task AddsUpAsync(IReadingStore? store)
    {
        LocalDate[] changes = [.. Days(new(FirstYear, 1, 1), new(LastYear + 1, 1, 1)).Where(day => Paris.SlotsOf(day).Count != 48)];
        LocalDate[] yearEnds = [.. Enumerable.Range(FirstYear, LastYear - FirstYear + 1).Select(year => new LocalDate(year, 12, 31))];
        (changes.Length, yearEnds.Length).Should().Be((42, 21));
        await using var bench = await SettlingBench.StartAsync();
        if (store is not null) bench.Store = store;

        // From the evening before to the morning after, every seven minutes, so that no border falls on a reading for long.
        long register = 5_000;
        Dictionary<Instant, long> at = [];
        foreach (var day in changes.Concat(yearEnds).Order())
        {
            List<Reading> readings = [];
            var (start, end) = (Paris.StartOf(day) - Duration.FromHours(3), Paris.StartOf(day.PlusDays(2)) + Duration.FromHours(3));
            for (var time = start; time <= end; time += Duration.FromMinutes(7))
            {
                readings.Add(SettlingBench.Reading(time, register));
                register += 1 + (time.ToUnixTimeSeconds() % 97);
            }

            await bench.Settler().SettleAsync([bench.Group([.. readings])], Stop);
            foreach (var border in (Instant[])[Paris.StartOf(day), Paris.StartOf(day.PlusDays(1)), Paris.StartOf(day.PlusDays(2))]) at[border] = RegisterAt(border, readings);
        }

        await bench.AggregateAsync();

        foreach (var day in changes.Concat(yearEnds).SelectMany(day => (LocalDate[])[day, day.PlusDays(1)]))
        {
            var computed = (await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), day, day.PlusDays(1), Stop)).Single();
            computed.Quality.Should().Be(Quality.Measured, "of {0}", day);
            computed.Slots.Should().HaveCount(Paris.SlotsOf(day).Count);
            computed.Slots.Sum(s => s.ImportWh).Should().Be(at[Paris.StartOf(day.PlusDays(1))] - at[Paris.StartOf(day)], "of {0}", day);
        }
    }

    // METHOD.md rule 1.2, said again by other means.
    private static long RegisterAt(Instant border, List<Reading> readings)
    {
        var after = readings.First(r => r.At >= border);
        if (after.At == border) return after.Registers.ImportWh;
        var before = readings.Last(r => r.At < border);
        return before.Registers.ImportWh + (long)Math.Floor((decimal)(after.Registers.ImportWh - before.Registers.ImportWh) * (long)(border - before.At).TotalSeconds / (long)(after.At - before.At).TotalSeconds);
    }

    private static IEnumerable<LocalDate> Days(LocalDate from, LocalDate to)
    {
        for (var day = from; day < to; day = day.PlusDays(1)) yield return day;
    }
}
