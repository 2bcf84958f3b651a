using System.Text.Json;
using Grid.Domain;

namespace Grid.IntegrationTests.Pipeline;

public sealed class TeamAndEventCommandTests
{
    [Fact]
    public async Task A_team_is_held_against_its_own_year_in_the_same_weather_and_a_home_is_in_one_team()
    {
        LocalDate start = new(2026, 9, 1), last = new(2026, 10, 31);
        await using var bench = await CampaignBench.StartAsync(homes: 12);
        await bench.StoreTemperaturesAsync(start.PlusDays(-367), last);
        // Six homes with their year, the team's five a fifth lower in the challenge.
        await bench.StoreAsync(Enumerable.Range(0, 6).SelectMany(i => Enumerable.Range(0, 430).Select(d => last.PlusDays(-d)).Select(d => CampaignBench.Day(i, d, i < 5 && d >= start ? 0.8 : 1))));
        string[] dates = ["--from", "2026-09-01", "--to", "2026-10-31"], team = ["campaigns", "team", "h-00", "h-01", "h-02", "h-03", "h-04"];

        var (exit, json) = await bench.Grid.CommandAsync([.. team, .. dates, "--target", "10", "--json"]);
        exit.Should().Be(0, json);
        var found = JsonDocument.Parse(json).RootElement;
        (found.GetProperty("counted").GetInt32(), found.GetProperty("state").GetString()).Should().Be((5, "reached"), json);
        found.GetProperty("share").GetDouble().Should().BeInRange(0.18, 0.23);
        await bench.SaysAsync(0, "The target is reached.", [.. team, .. dates, "--target", "10"]);
        await bench.SaysAsync(2, "Some of these homes have been told of for some of these days with others", [.. team, "h-05", .. dates]);
        await bench.SaysAsync(0, "Not enough data: 1 of 5 members", ["campaigns", "team", "h-05", "h-06", "h-07", "h-08", "h-09", .. dates]);
        await bench.SaysAsync(2, "4 homes: a team has 5 to 15", ["campaigns", "team", "h-00", "h-01", "h-02", "h-03", .. dates]);
        await bench.SaysAsync(2, "h-00 stands twice", ["campaigns", "team", "h-00", "h-00", .. dates]);
        await bench.SaysAsync(2, "office-1 is no home", ["campaigns", "team", "office-1", .. dates]);
        await bench.SaysAsync(2, "The registry has no household 'nobody'", ["campaigns", "team", "nobody", .. dates]);
        await bench.SaysAsync(2, "2099-01-01 is not over", [.. team, "--from", "2026-09-01", "--to", "2099-01-01"]);
        await bench.SaysAsync(2, "--target: a share between 0 and 100 per cent", ["campaigns", "team", "h-00", .. dates, "--target", "0"]);
    }

    [Fact]
    public async Task An_event_is_held_against_like_days_and_what_was_told_of_a_day_stands()
    {
        const int Homes = 503;
        LocalDate eventDay = new(2026, 10, 29);
        await using var bench = await CampaignBench.StartAsync(Homes);
        await bench.StoreAsync(Enumerable.Range(0, Homes).SelectMany(i => Enumerable.Range(0, 21).Select(d => CampaignBench.Day(i, eventDay.PlusDays(-d), halved: d == 0))));
        string[] hours = ["campaigns", "event", "--day", "2026-10-29", "--from", "18:00", "--to", "20:00"];

        await bench.SaysAsync(0, "500 homes used", hours);
        var (_, told) = await bench.Grid.CommandAsync([.. hours, "--json"]);
        var used = JsonDocument.Parse(told).RootElement;
        used.GetProperty("savedWh").GetInt64().Should().BeInRange(used.GetProperty("expectedWh").GetInt64() / 3, used.GetProperty("expectedWh").GetInt64() / 2, "half is used, on a colder day than those before");

        // One home's half-hours turn out to be unknown: without it, its use would be the difference.
        var gone = CampaignBench.Day(7, eventDay);
        await bench.StoreAsync([new(gone.Household, eventDay, [.. gone.Slots.Select((s, i) => i == 37 ? SlotEnergy.Unknown : s)])]);
        (await bench.Grid.CommandAsync([.. hours, "--json"])).Output.Should().Be(told);

        await bench.SaysAsync(0, "Not estimable: 9 like days within 60 days, 10 are needed", [.. hours, .. Enumerable.Range(1, 7).SelectMany(d => new[] { "--not-like", $"2026-10-{29 - d}" })]);
        await bench.SaysAsync(2, "--day: 2099-01-01 is not over", "campaigns", "event", "--day", "2099-01-01", "--from", "18:00", "--to", "20:00");
        await bench.SaysAsync(2, "--day: clocks change on 2026-10-25", "campaigns", "event", "--day", "2026-10-25", "--from", "18:00", "--to", "20:00");
        await bench.SaysAsync(2, "--from: '18:10' is no half-hour of 2026-10-29", "campaigns", "event", "--day", "2026-10-29", "--from", "18:10", "--to", "20:00");
        await bench.SaysAsync(2, "--to: it is not after --from", "campaigns", "event", "--day", "2026-10-29", "--from", "18:00", "--to", "17:00");
    }
}
