using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>A campaign as an operator runs it: lots drawn from the registry, months that pass, a result.</summary>
public sealed class CampaignsCommandTests
{
    private const int Homes = 60;
    private static readonly YearMonth First = new(2025, 1);
    private static readonly YearMonth Start = new(2026, 1);
    private static readonly YearMonth Last = new(2026, 3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Homes_are_drawn_by_lot_and_what_the_treated_did_is_found_and_told_once()
    {
        await using var bench = await CampaignBench.StartAsync(Homes + 1);
        await SettleAsync(bench, First, Start.PlusMonths(-1), _ => 1);

        var (drawn, said) = await bench.Grid.CommandAsync("campaigns", "assign", "--seed", "7", "--until", "2025-12");
        drawn.Should().Be(0, said);
        said.Should().Contain("60 homes: 30 treated, 30 control; 1 home without enough months left out.");
        await bench.SaysAsync(2, "--seed: the arms by 2025-12 were drawn with 7, and stand", "campaigns", "assign", "--seed", "8", "--until", "2025-12");
        List<string> lines = [.. said.Split('\n').Where(l => l.Contains(',', StringComparison.Ordinal) && !l.Contains(':', StringComparison.Ordinal))];
        lines.Should().HaveCount(Homes + 1).And.NotContain(l => l.StartsWith("office", StringComparison.Ordinal));
        var treated = lines.Where(l => l.EndsWith(",treated", StringComparison.Ordinal)).Select(l => l.Split(',')[0]).ToHashSet(StringComparer.Ordinal);
        var arms = bench.File("arms.csv", string.Join('\n', lines));
        string[] evaluate = ["campaigns", "evaluate", arms, "--start", "2026-01", "--until", "2026-03"];

        await SettleAsync(bench, Start, Last, home => treated.Contains(home) ? 0.9 : 1, tellsEverybody: false);
        await bench.SaysAsync(2, "What everybody is told of 2026-01 goes first", evaluate);
        await TellAsync(bench, Start, Last);

        var (exit, json) = await bench.Grid.CommandAsync([.. evaluate, "--json"]);
        exit.Should().Be(0, json);
        var result = JsonDocument.Parse(json).RootElement;
        result.GetProperty("treated").GetInt32().Should().Be(30);
        result.GetProperty("share").GetProperty("value").GetDouble().Should().BeInRange(-0.12, -0.08);
        result.GetProperty("share").GetProperty("high").GetDouble().Should().BeLessThan(0);
        result.GetProperty("minimumDetectableKwhPerDay").GetDouble().Should().BePositive();
        json.Should().NotContainAny("degreesOfFreedom", "standardError"); // they tell the exact number of homes

        var (_, text) = await bench.Grid.CommandAsync([.. evaluate, "--not-random"]);
        text.Should().ContainAll("At least 30 treated homes and 30 of the control count; fewer than 5 and fewer than 5 do not", "The treated homes used less.", "Placebo", "Could have been found", "Quasi-experimental");

        await bench.SaysAsync(2, "--until: arms were drawn by the 12 months up to 2025-12, which overlap those up to 2026-02", "campaigns", "assign", "--seed", "8", "--until", "2026-02");
        await bench.SaysAsync(0, "What they did is not told: could-be-subtracted.", [.. evaluate[..^1], "2026-02"]);
        var oneLess = bench.File("less.csv", string.Join('\n', lines.Where(l => !l.StartsWith(treated.Min(StringComparer.Ordinal) + ",", StringComparison.Ordinal))));
        await bench.SaysAsync(0, "What they did is not told: could-be-subtracted.", "campaigns", "evaluate", oneLess, "--start", "2026-01", "--until", "2026-03");
    }

    [Fact]
    public async Task Every_mistake_is_named()
    {
        await using var bench = await CampaignBench.StartAsync(Homes + 1);
        var arms = bench.File("arms.csv", "household,arm\nh-00,treated\nh-01,control\n");

        await FailsAsync("No home counts in any of the 12 months up to 2025-12: each needs readings of 11 of them", "campaigns", "assign", "--seed", "7", "--until", "2025-12");
        await FailsAsync("--until: 2099-01 is not over", "campaigns", "evaluate", arms, "--start", "2026-01", "--until", "2099-01");
        await FailsAsync("--until: 'december' is no month such as 2026-10", "campaigns", "assign", "--seed", "7", "--until", "december");
        await FailsAsync("There is no file", "campaigns", "evaluate", "absent.csv", "--start", "2026-01");
        await FailsAsync("line 2, column arm: 'left' is none of treated, control", "campaigns", "evaluate", bench.File("left.csv", "household,arm\nh-00,left\n"), "--start", "2026-01");
        await FailsAsync("h-00 stands twice", "campaigns", "evaluate", bench.File("twice.csv", "household,arm\nh-00,treated\nh-00,control\n"), "--start", "2026-01");
        await FailsAsync("The registry has no household h-99", "campaigns", "evaluate", bench.File("unknown.csv", "household,arm\nh-99,treated\n"), "--start", "2026-01");
        await FailsAsync("office-1 is no home", "campaigns", "evaluate", bench.File("office.csv", "household,arm\noffice-1,treated\n"), "--start", "2026-01");
        await FailsAsync("--start: 2026-03 is after 2026-02", "campaigns", "evaluate", arms, "--start", "2026-03", "--until", "2026-02");
        await SettleAsync(bench, First, Last, _ => 1, homes: 20);
        await FailsAsync("2026-04 is not settled: the job 'counted' does that", "campaigns", "evaluate", arms, "--start", "2026-01", "--until", "2026-04");
        await FailsAsync("20 homes with enough months: what fewer than 15 in an arm do could not be told", "campaigns", "assign", "--seed", "7", "--until", "2025-12");
        await bench.SaysAsync(0, "What they did is not told: too-few-homes. Each arm needs 15 homes.", "campaigns", "evaluate", arms, "--start", "2026-01", "--until", "2026-03");

        Task FailsAsync(string said, params string[] command) => bench.SaysAsync(2, said, command);
    }

    /// <summary>Settles months as the job <c>counted</c> does: homes of 5 to 15 kWh a day.</summary>
    private static async Task SettleAsync(CampaignBench bench, YearMonth first, YearMonth last, Func<string, double> factor, int homes = Homes, bool tellsEverybody = true)
    {
        await using var services = bench.Services();
        for (var month = first; month <= last; month = month.PlusMonths(1))
        {
            Random random = new((month.Year * 100) + month.Month);
            var drafts = Enumerable.Range(0, homes).Select(i =>
            {
                var home = CampaignBench.Home(i);
                var wh = (5_000 + (10_000.0 * i / Homes) + (1_000 * random.NextDouble())) * factor(home.Value);
                return new ResultDraft(CountedMonth.Key(home, month), new CountedMonth(home.Value, MonthlyReport.Name(month), (long)wh).ToJson());
            });
            await CommitAsync(services, "counted", month, [.. drafts], []);
        }

        if (tellsEverybody) await TellAsync(bench, first, last);
    }

    /// <summary>As the job <c>aggregates</c> does.</summary>
    private static async Task TellAsync(CampaignBench bench, YearMonth first, YearMonth last)
    {
        await using var services = bench.Services();
        var households = (await services.GetRequiredService<IRegistry>().ReadAsync(Stop)).Households;
        for (var month = first; month <= last; month = month.PlusMonths(1))
        {
            var counted = (await services.GetRequiredService<IResults>().NewestAsync(ResultKind.Counted, MonthlyReport.Name(month), Stop)).ToDictionary(r => r.Key.Subject!.Value, r => CountedMonth.FromJson(r.Json).WhPerDay);
            var (told, shown) = NeighbourhoodMonth.Of(month, households, counted, new([], []));
            await CommitAsync(services, "aggregates", month, [new(NeighbourhoodMonth.Key(month), told.ToJson())], shown);
        }
    }

    private static async Task CommitAsync(ServiceProvider services, string job, YearMonth month, IReadOnlyList<ResultDraft> drafts, IReadOnlyList<ShownGroup> shown)
    {
        var runs = services.GetRequiredService<IJobRuns>();
        await runs.CommitAsync(await runs.BeginAsync(job, MonthlyReport.Name(month), "test", Stop), drafts, shown, Stop);
    }
}
