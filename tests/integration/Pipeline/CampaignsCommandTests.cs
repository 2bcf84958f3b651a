using System.Text;
using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>A campaign as an operator runs it: lots drawn from the registry, months that pass, a result.</summary>
public sealed class CampaignsCommandTests : IDisposable
{
    private const int Homes = 60;
    private static readonly YearMonth First = new(2025, 1);
    private static readonly YearMonth Start = new(2026, 1);
    private static readonly YearMonth Last = new(2026, 3);

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-campaigns-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Homes_are_drawn_by_lot_and_what_the_treated_did_is_found()
    {
        await using ServedGrid grid = new(("Registry__ConnectionString", $"Data Source={Path.Combine(_folder, "registry.db")}"));
        (await grid.CommandAsync("registry", "import", File("homes.csv", Registry()))).ExitCode.Should().Be(0);
        await SettleAsync(First, Start.PlusMonths(-1), _ => 1);

        var (drawn, said) = await grid.CommandAsync("campaigns", "assign", "--seed", "7", "--until", "2025-12");
        drawn.Should().Be(0, said);
        said.Should().Contain("60 homes: 30 treated, 30 control; 1 home without enough months left out.");
        (await grid.CommandAsync("campaigns", "assign", "--seed", "7", "--until", "2025-12")).Output.Should().Be(said, "the seed decides");
        List<string> lines = [.. said.Split('\n').Where(l => l.Contains(',', StringComparison.Ordinal) && !l.Contains(':', StringComparison.Ordinal))];
        lines.Should().HaveCount(Homes + 1).And.NotContain(l => l.StartsWith("office", StringComparison.Ordinal));
        var treated = lines.Where(l => l.EndsWith(",treated", StringComparison.Ordinal)).Select(l => l.Split(',')[0]).ToHashSet(StringComparer.Ordinal);
        var arms = File("arms.csv", string.Join('\n', lines));

        (await grid.CommandAsync("campaigns", "evaluate", arms, "--start", "2026-01", "--until", "2026-03")).Should().Match<(int ExitCode, string Output)>(r => r.ExitCode == 2 && r.Output.Contains("2026-01 is not settled"));
        await SettleAsync(Start, Last, home => treated.Contains(home) ? 0.9 : 1);

        var (exit, json) = await grid.CommandAsync("campaigns", "evaluate", arms, "--start", "2026-01", "--until", "2026-03", "--json");
        exit.Should().Be(0, json);
        var result = JsonDocument.Parse(json).RootElement;
        result.GetProperty("treated").GetInt32().Should().Be(30);
        result.GetProperty("share").GetProperty("value").GetDouble().Should().BeInRange(-0.12, -0.08);
        result.GetProperty("share").GetProperty("high").GetDouble().Should().BeLessThan(0);
        result.GetProperty("minimumDetectableKwhPerDay").GetDouble().Should().BePositive();

        var (_, text) = await grid.CommandAsync("campaigns", "evaluate", arms, "--start", "2026-01", "--until", "2026-03", "--not-random");
        text.Should().ContainAll("30 treated homes and 30 of the control count", "The treated homes used less.", "Placebo", "Could have been found", "Quasi-experimental");
    }

    [Fact]
    public async Task Every_mistake_is_named()
    {
        await using ServedGrid grid = new(("Registry__ConnectionString", $"Data Source={Path.Combine(_folder, "registry.db")}"));
        (await grid.CommandAsync("registry", "import", File("homes.csv", Registry()))).ExitCode.Should().Be(0);
        var arms = File("arms.csv", "household,arm\nh-00,treated\nh-01,control\n");

        await FailsAsync("No home counts in any of the 12 months up to 2025-12: each needs readings of 11 of them", "campaigns", "assign", "--seed", "7", "--until", "2025-12");
        await FailsAsync("--until: 2999-01 is not over", "campaigns", "evaluate", arms, "--start", "2026-01", "--until", "2999-01");
        await FailsAsync("is after", "campaigns", "evaluate", arms, "--start", "2999-01");
        await FailsAsync("--until: 'december' is no month such as 2026-10", "campaigns", "assign", "--seed", "7", "--until", "december");
        await FailsAsync("There is no file", "campaigns", "evaluate", "absent.csv", "--start", "2026-01");
        await FailsAsync("line 2, column arm: 'left' is none of treated, control", "campaigns", "evaluate", File("left.csv", "household,arm\nh-00,left\n"), "--start", "2026-01");
        await FailsAsync("h-00 stands twice", "campaigns", "evaluate", File("twice.csv", "household,arm\nh-00,treated\nh-00,control\n"), "--start", "2026-01");
        await FailsAsync("The registry has no household h-99", "campaigns", "evaluate", File("unknown.csv", "household,arm\nh-99,treated\n"), "--start", "2026-01");
        await FailsAsync("office-1 is no home", "campaigns", "evaluate", File("office.csv", "household,arm\noffice-1,treated\n"), "--start", "2026-01");
        await FailsAsync("--start: 2026-03 is after 2026-02", "campaigns", "evaluate", arms, "--start", "2026-03", "--until", "2026-02");
        await SettleAsync(First, Last, _ => 1, homes: 20);
        await FailsAsync("2026-04 is not settled: the job 'counted' does that", "campaigns", "assign", "--seed", "7", "--until", "2026-04");
        await FailsAsync("20 homes with enough months: what fewer than 15 in an arm do could not be told", "campaigns", "assign", "--seed", "7", "--until", "2025-12");
        var (exit, output) = await grid.CommandAsync("campaigns", "evaluate", arms, "--start", "2026-01", "--until", "2026-03");
        (exit, output.Contains("What they did is not told: too-few-homes.", StringComparison.Ordinal)).Should().Be((0, true), output);

        async Task FailsAsync(string said, params string[] command)
        {
            var (exit, output) = await grid.CommandAsync(command);
            exit.Should().Be(2, output);
            output.Should().Contain(said);
        }
    }

    [Fact]
    public async Task A_team_is_held_against_its_own_year_in_the_same_weather_and_an_event_against_like_days()
    {
        LocalDate start = new(2026, 9, 1), last = new(2026, 10, 31), eventDay = new(2026, 10, 29);
        await using ServedGrid grid = new(("Registry__ConnectionString", $"Data Source={Path.Combine(_folder, "registry.db")}"));
        (await grid.CommandAsync("registry", "import", File("homes.csv", Registry(homes: 101)))).ExitCode.Should().Be(0);
        await using (var services = Services())
        {
            await StoreTemperaturesAsync(services, start.PlusDays(-367), last);
            // Six homes with their year, the team's five a fifth lower in the challenge; a hundred with the days before the event, at which all use half.
            for (var i = 0; i < 101; i++)
            {
                var home = HouseholdId.Parse($"h-{i:00}");
                var days = Enumerable.Range(0, 430).Select(d => last.PlusDays(-d)).Where(d => i < 6 || d >= eventDay.PlusDays(-20));
                await services.GetRequiredService<IHouseholdDays>().ReplaceAsync([.. days.Select(d => Day(home, d, i < 5 && d >= start ? 0.8 : 1, halved: d == eventDay))], [], Stop);
            }
        }

        string[] dates = ["--from", "2026-09-01", "--to", "2026-10-31"];
        var (exit, json) = await grid.CommandAsync(["campaigns", "team", "h-00", "h-01", "h-02", "h-03", "h-04", .. dates, "--target", "10", "--json"]);
        exit.Should().Be(0, json);
        var team = JsonDocument.Parse(json).RootElement;
        (team.GetProperty("counted").GetInt32(), team.GetProperty("state").GetString()).Should().Be((5, "reached"), json);
        team.GetProperty("share").GetDouble().Should().BeInRange(0.18, 0.23);
        await SaysAsync(0, "The target is reached.", ["campaigns", "team", "h-00", "h-01", "h-02", "h-03", "h-04", .. dates, "--target", "10"]);
        await SaysAsync(0, "Not enough data: 1 of 5 members", ["campaigns", "team", "h-05", "h-11", "h-12", "h-13", "h-14", .. dates]);
        await SaysAsync(2, "4 homes: a team has 5 to 15", ["campaigns", "team", "h-00", "h-01", "h-02", "h-03", .. dates]);
        await SaysAsync(2, "h-00 stands twice", ["campaigns", "team", "h-00", "h-00", .. dates]);
        await SaysAsync(2, "office-1 is no home", ["campaigns", "team", "office-1", .. dates]);
        await SaysAsync(2, "The registry has no household 'nobody'", ["campaigns", "team", "nobody", .. dates]);
        await SaysAsync(2, "2999-01-01 is not over", "campaigns", "team", "h-00", "h-01", "h-02", "h-03", "h-04", "--from", "2026-09-01", "--to", "2999-01-01");
        await SaysAsync(2, "--target: a share between 0 and 100 per cent", ["campaigns", "team", "h-00", .. dates, "--target", "0"]);

        string[] hours = ["--day", "2026-10-29", "--from", "18:00", "--to", "20:00"];
        await SaysAsync(0, "At least 100 homes used", ["campaigns", "event", .. hours]);
        var (_, found) = await grid.CommandAsync(["campaigns", "event", .. hours, "--json"]);
        var used = JsonDocument.Parse(found).RootElement;
        used.GetProperty("savedWh").GetInt64().Should().BeInRange(used.GetProperty("expectedWh").GetInt64() / 3, used.GetProperty("expectedWh").GetInt64() / 2, "half is used, on a colder day than those before");
        // Without one of the like days nobody has ten weekdays but those with a whole year.
        await SaysAsync(0, "What they used is not told: too-few-homes. 100 homes", ["campaigns", "event", .. hours, "--not-like", "2026-10-28", "--not-like", "2026-10-27", "--not-like", "2026-10-26", "--not-like", "2026-10-23", "--not-like", "2026-10-22"]);
        await SaysAsync(2, "--day: 2999-01-01 is not over", "campaigns", "event", "--day", "2999-01-01", "--from", "18:00", "--to", "20:00");
        await SaysAsync(2, "--from: '18:10' is no half-hour of 2026-10-29", "campaigns", "event", "--day", "2026-10-29", "--from", "18:10", "--to", "20:00");
        await SaysAsync(2, "--to: it is not after --from", "campaigns", "event", "--day", "2026-10-29", "--from", "18:00", "--to", "17:00");

        async Task SaysAsync(int code, string said, params string[] command)
        {
            var (ended, output) = await grid.CommandAsync(command);
            ended.Should().Be(code, output);
            output.Should().Contain(said);
        }
    }

    private static async Task StoreTemperaturesAsync(ServiceProvider services, LocalDate first, LocalDate last)
    {
        var paris = LocalCalendar.For(LocalCalendar.DefaultZone);
        List<HourlyTemperature> hours = [];
        for (var at = paris.StartOf(first); at < paris.StartOf(last.PlusDays(1)); at += Duration.FromHours(1)) hours.Add(new(at, Celsius(paris.DayOf(at))));
        await services.GetRequiredService<ITemperatures>().StoreAsync(hours, Stop);
    }

    private static double Celsius(LocalDate day) => 12 - (8 * Math.Cos(2 * Math.PI * (day.DayOfYear - 15) / 365.0)) + (2 * Math.Sin(day.DayOfYear * 1.7));

    /// <summary>A day that follows the weather, nearly.</summary>
    private static HouseholdDay Day(HouseholdId home, LocalDate day, double factor, bool halved)
    {
        Random random = new((((day.Year * 400) + day.DayOfYear) * 1_000) + int.Parse(home.Value.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture));
        var wh = (6_000 + (500 * Math.Max(0, 16 - Celsius(day)))) * factor * (0.95 + (0.1 * random.NextDouble())) / 48;
        return new(home, day, [.. LocalCalendar.For(LocalCalendar.DefaultZone).SlotsOf(day).Select((_, i) => new SlotEnergy((long)(halved && i is >= 36 and < 40 ? wh / 2 : wh), null, Quality.Measured))]);
    }

    private ServiceProvider Services() => new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
        .AddStorage(new StoreOptions(), new RegistryOptions { ConnectionString = $"Data Source={Path.Combine(_folder, "registry.db")}" }, _folder).BuildServiceProvider();

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Settles months as the job <c>counted</c> does: homes of 5 to 15 kWh a day.</summary>
    private async Task SettleAsync(YearMonth first, YearMonth last, Func<string, double> factor, int homes = Homes)
    {
        await using var services = Services();
        var runs = services.GetRequiredService<IJobRuns>();
        for (var month = first; month <= last; month = month.PlusMonths(1))
        {
            Random random = new((month.Year * 100) + month.Month);
            var drafts = Enumerable.Range(0, homes).Select(i =>
            {
                var home = $"h-{i:00}";
                var wh = (5_000 + (10_000.0 * i / Homes) + (1_000 * random.NextDouble())) * factor(home);
                return new ResultDraft(CountedMonth.Key(HouseholdId.Parse(home), month), new CountedMonth(home, MonthlyReport.Name(month), (long)wh).ToJson());
            });
            await runs.CommitAsync(await runs.BeginAsync("counted", MonthlyReport.Name(month), "test", Stop), [.. drafts], [], Stop);
        }
    }

    private static string Registry(int homes = Homes)
    {
        StringBuilder csv = new("neighbourhood,time_zone,building,household,dwelling,heating,meter,meter_kind,gateway,installed_from\n");
        for (var i = 0; i <= homes; i++) csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"Issy,Europe/Paris,A,h-{i:00},apartment,{(i % 2 == 0 ? "electric" : "other")},m-{i},main,gw-1,2024-01-01T00:00:00Z\n");
        return csv.Append("Issy,Europe/Paris,A,office-1,office,other,m-office,main,gw-1,2024-01-01T00:00:00Z\n").ToString();
    }

    private string File(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, text, Encoding.UTF8);
        return path;
    }
}
