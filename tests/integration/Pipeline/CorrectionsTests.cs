using System.Text;
using System.Text.Json;
using Grid.Domain;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>A person's word in place of readings (METHOD.md rule 1.16), from the command to the household's day, and back.</summary>
public sealed class CorrectionsTests : IDisposable
{
    private static readonly LocalDate Day = new(2026, 11, 20);
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);
    private static readonly Slot Morning = new(Paris.StartOf(Day) + Duration.FromHours(8), Paris.StartOf(Day) + Duration.FromHours(10));
    private static readonly Signature Anna = new("anna", "read on the meter", SettlingBench.Now);

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-corrections-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 4_400, Quality.Partial)]
    [InlineData(1_000L, 5_400, Quality.Manual)]
    public async Task A_correction_changes_its_span_and_undone_leaves_no_trace_in_the_day(long? importWh, long dayWh, Quality quality)
    {
        await using var bench = await SettlingBench.StartAsync();
        await bench.Settler().SettleAsync([bench.Group(SettlingBench.WholeDay(Day))], Stop);
        await bench.AggregateAsync();
        var read = await DayAsync(bench);

        await CorrectAsync(bench, importWh);
        await bench.AggregateAsync();
        var corrected = await DayAsync(bench);

        (corrected.ImportWh, corrected.Quality).Should().Be((dayWh, quality));
        var said = importWh is null ? SlotEnergy.Rejected : new SlotEnergy(250, null, Quality.Manual);
        corrected.Slots.Should().Equal(read.Slots.Select((s, i) => i is >= 16 and < 20 ? said : s));

        (await bench.Get<ICorrections>().UndoAsync(1, Anna, Paris, Stop)).Should().BeTrue();
        await bench.AggregateAsync();
        (await DayAsync(bench)).Slots.Should().Equal(read.Slots);
    }

    [Fact]
    public async Task Readings_that_come_later_change_nothing_of_what_a_person_said()
    {
        await using var bench = await SettlingBench.StartAsync();
        var readings = SettlingBench.WholeDay(Day);
        await bench.Settler().SettleAsync([bench.Group([.. readings.Where(r => r.At <= Morning.Start || r.At >= Morning.End)])], Stop);
        await CorrectAsync(bench, importWh: 1_000);
        await bench.AggregateAsync();
        var before = await DayAsync(bench);

        await bench.Settler().SettleAsync([bench.Group([.. readings.Where(r => r.At > Morning.Start && r.At < Morning.End)])], Stop);
        await bench.AggregateAsync();

        before.ImportWh.Should().Be(5_400);
        (await DayAsync(bench)).Slots.Should().Equal(before.Slots);
    }

    [Fact]
    public async Task What_flowed_out_must_be_said_of_a_meter_that_tells_it_and_nothing_is_spread_over_a_move()
    {
        var data = Path.Combine(_folder, "data");
        await using ServedGrid grid = new(("DataDirectory", data));
        var homes = Path.Combine(_folder, "homes.csv");
        await File.WriteAllTextAsync(
            homes, "neighbourhood,time_zone,building,household,dwelling,heating,meter,meter_kind,gateway,installed_from\nIssy,Europe/Paris,A,h-1,apartment,electric,m-1,main,gw-1,2024-01-01T00:00:00Z\n", Encoding.UTF8, Stop);
        (await grid.CommandAsync("registry", "import", homes)).ExitCode.Should().Be(0);
        (await grid.CommandAsync("user", "create", "r@grid.example", "--role", "resident", "--household", "h-1", "--from", "2026-11-20")).ExitCode.Should().Be(0);
        await using (var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddStorage(new StoreOptions(), new RegistryOptions(), data).BuildServiceProvider())
            await services.GetRequiredService<IReadingStore>().WriteAsync([new(SettlingBench.Meter, Morning.Start, new(1_000, 500)), new(SettlingBench.Meter, Morning.End, new(1_800, 700))], Stop);
        string[] set = ["corrections", "set", "m-1", "--by", "Anna", "--reason", "read on site", "--import-wh", "900"];

        await RunAsync(2, "--export-wh: m-1 tells what flows out too", [.. set, "--from", "2026-11-20T07:00:00Z", "--to", "2026-11-20T09:00:00Z"]);
        await RunAsync(0, "800 Wh (out: 200), interpolated -> 900 Wh (out: 0), manual", [.. set, "--from", "2026-11-20T07:00:00Z", "--to", "2026-11-20T09:00:00Z", "--export-wh", "0"]);
        await RunAsync(2, "Somebody moved in or out at 2026-11-19T23:00:00Z", [.. set, "--from", "2026-11-19", "--to", "2026-11-20T06:00:00Z", "--export-wh", "0"]);
        await RunAsync(0, "manual", [.. set, "--from", "2026-11-19", "--to", "2026-11-20", "--export-wh", "0"]);

        async Task RunAsync(int code, string said, params string[] command)
        {
            var (exit, output) = await grid.CommandAsync(command);
            exit.Should().Be(code, output);
            output.Should().Contain(said);
        }
    }

    [Fact]
    public async Task An_operator_rejects_sets_undoes_and_lists_and_every_mistake_is_named()
    {
        await using var grid = new ServedGrid();
        var homes = Path.Combine(_folder, "homes.csv");
        await File.WriteAllTextAsync(
            homes, "neighbourhood,time_zone,building,household,dwelling,heating,meter,meter_kind,gateway,installed_from,max_power_w\nIssy,Europe/Paris,A,h-1,apartment,electric,m-1,main,gw-1,2024-01-01T00:00:00Z,9000\n", Encoding.UTF8, Stop);
        await RunAsync(0, "Imported", "registry", "import", homes);
        string[] signed = ["--by", "Anna Martin", "--reason", "the meter stood still"];

        await RunAsync(0, "Nothing is stored", ["corrections", "reject", "m-1", "--from", "2026-01-10", "--to", "2026-01-11", "--dry-run", .. signed]);
        await RunAsync(0, "unknown -> rejected  by Anna Martin", ["corrections", "reject", "m-1", "--from", "2026-01-10", "--to", "2026-01-11", .. signed]);
        await RunAsync(2, "Correction 1 of m-1 holds from 2026-01-09T23:00:00Z to 2026-01-10T23:00:00Z: undo it first", ["corrections", "set", "m-1", "--from", "2026-01-10T22:00:00Z", "--to", "2026-01-11T22:00:00Z", "--import-wh", "100", .. signed]);
        await RunAsync(0, "unknown -> 100 Wh, manual", ["corrections", "set", "m-1", "--from", "2026-01-11", "--to", "2026-01-12", "--import-wh", "100", .. signed]);
        await RunAsync(0, "Correction 1 is undone", ["corrections", "undo", "1", .. signed]);
        await RunAsync(2, "Correction 1 is undone already", ["corrections", "undo", "1", .. signed]);
        await RunAsync(2, "There is no correction 7", ["corrections", "undo", "7", .. signed]);

        await RunAsync(2, "The registry has no meter m-2", ["corrections", "reject", "m-2", "--from", "2026-01-10", "--to", "2026-01-11", .. signed]);
        await RunAsync(2, "m-1 does not hang in one place", ["corrections", "reject", "m-1", "--from", "2023-12-10", "--to", "2024-01-11", .. signed]);
        await RunAsync(2, "is not after --from", ["corrections", "reject", "m-1", "--from", "2026-01-10", "--to", "2026-01-10", .. signed]);
        await RunAsync(2, "is still to come", ["corrections", "reject", "m-1", "--from", "2026-01-10", "--to", "2099-01-10", .. signed]);
        await RunAsync(2, "of 366 days at most", ["corrections", "reject", "m-1", "--from", "2024-01-10", "--to", "2026-01-10", .. signed]);
        await RunAsync(2, "--from: 'yesterday' is neither", ["corrections", "reject", "m-1", "--from", "yesterday", "--to", "2026-01-11", .. signed]);
        await RunAsync(2, "--import-wh: 9001 Wh are more than 9000 W", ["corrections", "set", "m-1", "--from", "2026-02-10T10:00:00Z", "--to", "2026-02-10T11:00:00Z", "--import-wh", "9001", .. signed]);
        await RunAsync(2, "energy is not negative", ["corrections", "set", "m-1", "--from", "2026-02-10", "--to", "2026-02-11", "--import-wh", "-1", .. signed]);
        await RunAsync(2, "--reason: a line of at most 200 characters", "corrections", "undo", "2", "--by", "Anna", "--reason", " ");

        var (_, list) = await grid.CommandAsync("corrections", "list", "--json");
        var rows = list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        rows.Select(r => (r.GetProperty("number").GetInt64(), r.GetProperty("after").GetProperty("quality").GetString(), r.GetProperty("undone").ValueKind)).Should()
            .Equal((1, "rejected", JsonValueKind.Object), (2, "manual", JsonValueKind.Null));

        async Task RunAsync(int code, string said, params string[] command)
        {
            var (exit, output) = await grid.CommandAsync(command);
            exit.Should().Be(code, output);
            output.Should().Contain(said);
        }
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task CorrectAsync(SettlingBench bench, long? importWh) =>
        (await bench.Get<ICorrections>().AddAsync(new(SettlingBench.Meter, Morning, importWh), SlotEnergy.Unknown, Anna, Paris, Stop)).Stored.Should().BeTrue();

    private static async Task<HouseholdDay> DayAsync(SettlingBench bench) => (await bench.Days.ReadAsync(HouseholdId.Parse("h-1"), Day, Day.PlusDays(1), Stop)).Single();
}
