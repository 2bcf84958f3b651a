using System.Text;
using System.Text.Json;
using Grid.Domain;
using Grid.Ingest;
using Grid.IntegrationTests.Servers;
using Grid.Jobs;
using Grid.Server;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>What is backed up comes back in whatever stores, and goes on from there.</summary>
public sealed class BackupTests : IDisposable
{
    private const string Email = "anna@grid.example";
    private const int Days = 20;
    private static readonly GatewayName Gateway = GatewayName.Parse("gw-1");
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);
    private static readonly Instant Now = Instant.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
    private static readonly LocalDate Today = Paris.DayOf(Now);

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("grid-backup-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private BackupFolder Folder => new(Path.Combine(_scratch.FullName, "backup"));

    [Fact]
    public Task Embedded_stores_come_back_into_embedded_ones() => RoundTripAsync(new(), new());

    [Fact]
    public async Task InfluxDB_and_PostgreSQL_come_back_into_others()
    {
        await using var influx = await RealInflux.StartAsync();
        await using var postgres = await RealPostgres.StartAsync();
        await using var otherInflux = await RealInflux.StartAsync();
        await using var otherPostgres = await RealPostgres.StartAsync();
        await RoundTripAsync(new() { Influx = influx, Postgres = postgres }, new() { Influx = otherInflux, Postgres = otherPostgres });
    }

    [Fact]
    public async Task Embedded_stores_move_into_InfluxDB_and_PostgreSQL()
    {
        await using var influx = await RealInflux.StartAsync();
        await using var postgres = await RealPostgres.StartAsync();
        await RoundTripAsync(new(), new() { Influx = influx, Postgres = postgres }, target => Eventually.BecomesTrueAsync(
            "Grafana has the days too",
            TimeSpan.FromMinutes(1),
            async _ =>
            {
                using var counted = await influx.QueryAsync("SELECT count(import_wh) FROM household_day");
                return counted.RootElement.GetProperty("results")[0].TryGetProperty("series", out var _);
            },
            Stop));
    }

    [Fact]
    public async Task InfluxDB_and_PostgreSQL_move_into_embedded_stores()
    {
        await using var influx = await RealInflux.StartAsync();
        await using var postgres = await RealPostgres.StartAsync();
        await RoundTripAsync(new() { Influx = influx, Postgres = postgres }, new());
    }

    [Fact]
    public async Task What_waits_in_the_journal_is_settled_where_it_is_restored()
    {
        var reading = new Reading(MeterName.Parse("h-1"), Now - Duration.FromHours(1), new(77));
        var directory = NewDirectory();
        await WithHostAsync(new(), directory, async services =>
        {
            await services.MigrateRegistryAsync(Stop);
            (await services.GetRequiredService<RegistryEditor>().ApplyAsync(Homes.Behind(Gateway, ["h-1"]), Stop)).Should().BeEmpty();
            AwaitedReceipt receipt = new();
            await services.GetRequiredService<Journal>().OfferAsync(new(Gateway, Now, 1, 1, [reading], null, []), receipt, Stop);
            await receipt.Task;
        });

        await WithHostAsync(new(), directory, async services => (await BackupAsync(services)).Journal!.Items.Should().Be(1));
        await using var restored = await RestoredAsync(new());

        await SettledAsync(restored);
        (await restored.Services.GetRequiredService<IReadingStore>().LatestAsync([reading.Meter], Stop)).Values.Should().Equal(reading);
    }

    [Fact]
    public async Task What_is_acknowledged_is_in_a_backup_that_is_taken_while_readings_are_settled()
    {
        const int ReadingsAnEntry = 20;
        await using var source = await FilledAsync(new());
        var journal = source.Services.GetRequiredService<Journal>();
        var last = Recorded("h-1").Last();
        var (meter, start) = (last.Meter, last.At + Duration.FromSeconds(1));
        var sent = 0;
        using CancellationTokenSource enough = new();
        var sending = Task.Run(
            async () =>
            {
                for (var seq = 1; !enough.IsCancellationRequested; seq++)
                {
                    AwaitedReceipt receipt = new();
                    var readings = Enumerable.Range((seq - 1) * ReadingsAnEntry, ReadingsAnEntry).Select(i => new Reading(meter, start + Duration.FromMilliseconds(100 * i), new(last.Registers.ImportWh + i)));
                    await journal.OfferAsync(new(Gateway, Now, 9, seq, [.. readings], null, []), receipt, Stop);
                    await receipt.Task;
                    Volatile.Write(ref sent, seq);
                }
            },
            Stop);
        await Eventually.BecomesTrueAsync("readings flow", TimeSpan.FromMinutes(1), _ => Task.FromResult(Volatile.Read(ref sent) > 50), Stop);
        var acknowledged = Volatile.Read(ref sent);

        await BackupAsync(source.Services);
        Volatile.Read(ref sent).Should().BeGreaterThan(acknowledged, "settling went on");
        await enough.CancelAsync();
        await sending;

        HashSet<Instant> kept = [];
        await foreach (var line in Folder.ReadLinesAsync(Backup.ReadingsName, Stop))
            if (ReadingLine.Parse(line.Span) is var reading && reading.Meter == meter) kept.Add(reading.At);
        List<long> stored = [];
        await foreach (var line in Folder.ReadLinesAsync(Backup.TableName("Sequences"), Stop))
            if (JsonDocument.Parse(line).RootElement is var row && row.GetProperty("Epoch").GetInt64() == 9) stored.Add(SequenceSet.Parse(row.GetProperty("Ranges").GetString()!).StoredThrough);
        Of(0, (int)stored.Single()).Except(kept).Should().BeEmpty("an ack said that they are in the store");

        await using var restored = await RestoredAsync(new());
        await SettledAsync(restored);
        var there = await restored.Services.GetRequiredService<IReadingStore>().ReadAsync(meter, start, start + Duration.FromDays(1), Stop).Select(r => r.At).ToHashSetAsync(cancellationToken: Stop);
        Of(0, acknowledged).Except(there).Should().BeEmpty("their PUBACK was out");

        IEnumerable<Instant> Of(int from, int entries) => Enumerable.Range(from, entries * ReadingsAnEntry).Select(i => start + Duration.FromMilliseconds(100 * i));
    }

    [Fact]
    public async Task What_was_stored_while_the_backup_was_taken_is_in_the_days_where_it_is_restored()
    {
        var silent = Today.PlusDays(-Days + 11);
        await using var source = await FilledAsync(new());
        (await QualityAsync(source)).Should().NotBe(Quality.Measured);
        // As between the copies of the registry and of the readings: its mark is in neither.
        await source.Services.GetRequiredService<IReadingStore>().WriteAsync([.. Recorded("h-1", silent: false)], Stop);

        await BackupAsync(source.Services);
        await using var restored = await RestoredAsync(new());

        await SettledAsync(restored);
        (await QualityAsync(restored)).Should().Be(Quality.Measured);

        async Task<Quality> QualityAsync(RunningGrid grid) =>
            (await grid.Services.GetRequiredService<IHouseholdDays>().ReadAsync(HouseholdId.Parse("h-1"), silent, silent.PlusDays(1), Stop)).Single().Quality;
    }

    [Theory]
    [InlineData("readings.ndjson.gz", true)]
    [InlineData("registry/Households.ndjson.gz", false)]
    [InlineData("journal.db", false)]
    public async Task A_file_that_is_not_what_was_written_is_named_and_nothing_is_restored(string name, bool cut)
    {
        await BackedUpAsync();
        var bytes = await File.ReadAllBytesAsync(Folder[name], Stop);
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(Folder[name], cut ? bytes[..^9] : bytes, Stop);

        await WithHostAsync(new(), NewDirectory(), async services =>
        {
            (await ThrowsAsync<UsageException>(services)).Should().Contain(name).And.Contain(cut ? "bytes where" : "SHA-256").And.Contain("Nothing was restored");
            (await services.GetRequiredService<RegistryTables>().SchemaThereAsync(Stop)).Should().BeNull();
        });
        File.Delete(Folder[name]);
        await WithHostAsync(new(), NewDirectory(), async services => (await ThrowsAsync<UsageException>(services)).Should().Contain($"{name} is missing"));
    }

    [Fact]
    public async Task A_backup_that_was_not_finished_or_is_of_another_release_is_refused()
    {
        await BackedUpAsync();
        var manifest = await File.ReadAllTextAsync(Folder["manifest.json"], Stop);
        foreach (var (text, said) in ((string, string)[])
            [
                (manifest.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal), "format 2"),
                (manifest.Replace("\"schema\": \"", "\"schema\": \"Not", StringComparison.Ordinal), "has the form 'Not"),
                (manifest[..(manifest.Length / 2)], "manifest.json is damaged"),
            ])
        {
            await File.WriteAllTextAsync(Folder["manifest.json"], text, Stop);
            await WithHostAsync(new(), NewDirectory(), async services => (await ThrowsAsync<UsageException>(services)).Should().Contain(said));
        }

        File.Delete(Folder["manifest.json"]);
        await WithHostAsync(new(), NewDirectory(), async services => (await ThrowsAsync<UsageException>(services)).Should().Contain("not finished"));
    }

    [Theory]
    [InlineData("\"importWh\": ", "the readings")]
    [InlineData("\"Temperatures\": {\n      \"rows\": ", "the registry's table Temperatures")]
    [InlineData("\"items\": ", "the journal")]
    public async Task Totals_that_differ_are_named_and_the_registry_stays_empty(string total, string named)
    {
        await BackedUpAsync();
        var manifest = await File.ReadAllTextAsync(Folder["manifest.json"], Stop);
        manifest.Should().Contain(total);
        await File.WriteAllTextAsync(Folder["manifest.json"], manifest.Replace(total, total + "7", StringComparison.Ordinal), Stop);

        await WithHostAsync(new(), NewDirectory(), async services =>
        {
            (await ThrowsAsync<RestoreDiffersException>(services)).Should().Contain(named).And.Contain("restore again");
            (await services.GetRequiredService<RegistryTables>().FilledAsync(Stop)).Should().BeEmpty();
        });
    }

    [Fact]
    public async Task A_target_that_is_not_empty_is_left_as_it_is()
    {
        await BackedUpAsync();
        var directory = NewDirectory();
        await WithHostAsync(new(), directory, services => RestoreAsync(services));

        await WithHostAsync(new(), directory, async services =>
            (await ThrowsAsync<UsageException>(services)).Should().Contain("4 meters, such as h-1").And.Contain("rows in ").And.Contain("journal.db is there").And.Contain("empty data directory"));
        var mosquitto = Directory.CreateDirectory(Path.Combine(NewDirectory(), "mosquitto"));
        await File.WriteAllTextAsync(Path.Combine(mosquitto.FullName, "passwd"), "gw-1:hash", TestContext.Current.CancellationToken);
        await WithHostAsync(new(), mosquitto.Parent!.FullName, async services => (await ThrowsAsync<UsageException>(services)).Should().Contain($"{mosquitto.FullName} is not empty"));
        await WithHostAsync(new(), directory, async services => (await ((Func<Task>)(() => BackupAsync(services))).Should().ThrowAsync<UsageException>()).Which.Message.Should().Contain("not empty"));
    }

    [Fact]
    public async Task The_commands_back_up_a_running_server_and_say_what_they_did()
    {
        await using var grid = new ServedGrid();
        await grid.SetUpAsync(Homes.Behind(Homes.NewGateway(), ["h-1", "h-2"]));
        await grid.StartAsync();

        var (exit, output) = await grid.CommandAsync("backup", Folder.Path, "--json");
        exit.Should().Be(0, output);
        var manifest = JsonDocument.Parse(output[..(output.LastIndexOf('}') + 1)]).RootElement; // before what it told of its progress
        manifest.GetProperty("tables").GetProperty("Households").GetProperty("rows").GetInt64().Should().Be(2);
        manifest.GetProperty("journal").GetProperty("items").GetInt64().Should().Be(0);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Folder.Path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (var file in Folder.Files()) File.GetUnixFileMode(Folder[file]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }

        (await grid.CommandAsync("backup", Folder.Path)).Should().Match<(int ExitCode, string Output)>(r => r.ExitCode == 2 && r.Output.Contains("not empty"));
        (await grid.CommandAsync("restore", Folder.Path)).Should().Match<(int ExitCode, string Output)>(r => r.ExitCode == 2 && r.Output.Contains("grid.lock"));
        await grid.StopAsync();
        (await grid.CommandAsync("restore", Folder.Path)).Should().Match<(int ExitCode, string Output)>(r => r.ExitCode == 2 && r.Output.Contains("The target is not empty"));

        await using var empty = new ServedGrid();
        foreach (var command in (string[])["backup", "restore"])
            (await empty.CommandAsync(command, "")).Should().Match<(int ExitCode, string Output)>(r => r.ExitCode == 2 && r.Output.Contains("folder: it is empty: name a folder."));
        (await empty.CommandAsync("backup", Folder.Path + "-none")).Should().Match<(int ExitCode, string Output)>(r => r.ExitCode == 2 && r.Output.Contains("nothing to back up"));
        var restored = await empty.CommandAsync("restore", Folder.Path);
        restored.ExitCode.Should().Be(0, restored.Output);
        restored.Output.Should().Contain("0 readings of 0 meters").And.Contain("The totals agree");
        await empty.StartAsync();
        (await empty.CommandAsync("gateway", "create", "--all")).Output.Should().Contain("Every gateway has a secret");
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _scratch.Delete(recursive: true);
    }

    private async Task RoundTripAsync(Parts from, Parts to, Func<RunningGrid, Task>? then = null)
    {
        await using var source = await FilledAsync(from);
        var password = await new Accounts(source.Services).CreateAsync(Email, "resident", (HouseholdId.Parse("h-1"), new LocalDate(2000, 1, 1)), Stop);
        var before = await ConsumptionAsync(source, password);
        before.Should().Contain("measured").And.Contain("similar-day");

        var manifest = await BackupAsync(source.Services);
        manifest.Meters.Should().Be(4, "one of them in no registry");
        manifest.Tables["Quarantine"].Rows.Should().Be(1);
        await using var target = await RestoredAsync(to);

        await SettledAsync(target);
        (await ConsumptionAsync(target, password)).Should().Be(before);
        (await ReadingsAsync(target)).Should().Equal(await ReadingsAsync(source));
        (await RowsAsync(target)).Should().BeEquivalentTo(await RowsAsync(source));
        await new Accounts(target.Services).CreateAsync("another@grid.example", "resident", (HouseholdId.Parse("h-2"), Today), Stop); // numbered on from what was restored
        if (then is not null) await then(target);
    }

    /// <summary>Three homes, a gap of two days, a conflict in quarantine, temperatures, and a meter that no registry has.</summary>
    private static async Task<RunningGrid> FilledAsync(Parts parts)
    {
        var grid = await RunningGrid.StartAsync(parts);
        await grid.RegisterAsync(Homes.Behind(Gateway, ["h-1", "h-2", "h-3"]), Homes.Secret);
        var settler = grid.Services.GetRequiredService<Settler>();
        var number = 0;
        foreach (var home in (string[])["h-1", "h-2", "h-3"])
            await settler.SettleAsync([new(++number, [new(Gateway, Now, 1, number, [.. Recorded(home)], null, [])])], Stop);
        var conflict = Recorded("h-1").First() with { Registers = new(3) };
        await settler.SettleAsync([new(++number, [new(Gateway, Now, 1, number, [conflict], null, [])])], Stop);
        var store = grid.Services.GetRequiredService<IReadingStore>();
        await store.WriteAsync([new(MeterName.Parse("unknown"), Now, new(1))], Stop);
        Tariff tariff = new("base-6", Today, TariffOption.Base, 6, 10m, new Dictionary<PricePeriod, decimal> { [PricePeriod.All] = 0.19520m }, null, 0.2m, 0.055m);
        await grid.Services.GetRequiredService<IPrices>().StoreAsync([tariff], Stop);
        await grid.Services.GetRequiredService<ITemperatures>().StoreAsync([new(HourlyTemperature.HourOf(Now), 7.125)], Stop);
        await SettledAsync(grid);
        return grid;
    }

    private static IEnumerable<Reading> Recorded(string home, bool silent = true)
    {
        var (at, wh) = (Paris.StartOf(Today.PlusDays(-Days)), 1_000L);
        for (var i = 0; at <= Paris.StartOf(Today); i++, at += LocalCalendar.SlotLength, wh += 100 + (i % 48))
        {
            if (silent && i is > 480 and < 570) continue;
            yield return home switch
            {
                "h-1" => new(MeterName.Parse(home), at, new(wh)),
                "h-2" => new(MeterName.Parse(home), at, new(wh, wh / 3, new([("hc", wh / 2), ("hp", wh - (wh / 2))]))),
                _ => new(MeterName.Parse(home), at + Duration.FromMilliseconds(1), new(wh), 0.1 * wh, 229.7 + (i % 5)),
            };
        }
    }

    private static async Task SettledAsync(RunningGrid grid)
    {
        var (ingest, days) = (grid.Services.GetRequiredService<IngestState>(), grid.Services.GetRequiredService<IHouseholdDays>());
        while (await grid.Services.GetRequiredService<Aggregation>().RunOnceAsync(Stop) > 0) Stop.ThrowIfCancellationRequested();
        await Eventually.BecomesTrueAsync(
            "all is settled and computed", TimeSpan.FromMinutes(2), async ct => ingest.PendingItems == 0 && await days.CountTouchedAsync(ct) == 0, Stop);
    }

    private static async Task<string> ConsumptionAsync(RunningGrid grid, string password)
    {
        using var resident = await grid.SignInAsync(Email, password);
        StringBuilder all = new();
        foreach (var granularity in (string[])["slot", "day"])
            all.Append(await resident.GetStringAsync($"/api/v1/households/h-1/consumption?from={Today.PlusDays(-Days):uuuu-MM-dd}&to={Today:uuuu-MM-dd}&granularity={granularity}", Stop));
        return all.ToString();
    }

    private static async Task<List<Reading>> ReadingsAsync(RunningGrid grid)
    {
        var store = grid.Services.GetRequiredService<IReadingStore>();
        List<Reading> all = [];
        foreach (var meter in (await store.MetersAsync(Stop)).Order()) await foreach (var reading in store.ReadAsync(meter, Backup.Always.From, Backup.Always.To, Stop)) all.Add(reading);
        return all;
    }

    /// <summary>All rows but those that a running server writes by itself.</summary>
    private static async Task<Dictionary<string, List<string>>> RowsAsync(RunningGrid grid)
    {
        Dictionary<string, List<string>> all = new(StringComparer.Ordinal);
        await grid.Services.GetRequiredService<RegistryTables>().ReadAsync(async (table, rows) =>
        {
            all[table] = await rows.Select(r => Encoding.UTF8.GetString(r.Span)).ToListAsync(Stop);
            var count = all[table].Count;
            if (table is "HouseholdDays") all[table] = [.. all[table].Select(r => r.Replace("\"Published\":true", "\"Published\":false", StringComparison.Ordinal).Replace("\"Checked\":true", "\"Checked\":false", StringComparison.Ordinal))];
            if (table is "JobRuns" or "Results" or "GatewayShards") all[table] = [];
            all[table].Sort(StringComparer.Ordinal);
            return count;
        }, Stop);
        return all;
    }

    private async Task BackedUpAsync()
    {
        await using var source = await FilledAsync(new());
        await BackupAsync(source.Services);
    }

    private Task<Manifest> BackupAsync(IServiceProvider services) =>
        new Backup(services, services.GetRequiredService<GridOptions>(), Folder, new(TimeProvider.System)).RunAsync(Stop);

    private Task<Manifest> RestoreAsync(IServiceProvider services) =>
        new Restore(services, services.GetRequiredService<GridOptions>(), Folder, new(TimeProvider.System)).RunAsync(Stop);

    private async Task<string> ThrowsAsync<T>(IServiceProvider services)
        where T : Exception => (await ((Func<Task>)(() => RestoreAsync(services))).Should().ThrowAsync<T>()).Which.Message;

    private async Task<RunningGrid> RestoredAsync(Parts parts)
    {
        var directory = Directory.CreateTempSubdirectory("grid-restored-").FullName;
        await WithHostAsync(parts, directory, services => RestoreAsync(services));
        return await RunningGrid.StartAsync(parts, directory);
    }

    private string NewDirectory() => Path.Combine(_scratch.FullName, Guid.NewGuid().ToString("N"));

    /// <summary>Grid's parts without a running server, as commands have them.</summary>
    private static async Task WithHostAsync(Parts parts, string directory, Func<IServiceProvider, Task> act)
    {
        await using var host = GridHost.Build(GridHost.CreateBuilder(parts.Settings(directory, 80, 1883)));
        await act(host.Services);
    }
}
