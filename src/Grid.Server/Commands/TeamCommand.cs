using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;
using Grid.Jobs;
using NodaTime.Text;

namespace Grid.Server;

/// <summary>Whether a team of homes that want to use less together has reached its target (METHOD.md rule 6.8).</summary>
internal static class TeamCommand
{
    private const double Percent = 100;

    public static Command Create()
    {
        var members = new Argument<string[]>("households") { Description = $"The members: {TeamChallenge.FewestHomes} to {TeamChallenge.MostHomes} homes that chose to be a team.", Arity = ArgumentArity.OneOrMore };
        var from = new Option<string>("--from") { Description = "First day of the challenge, such as 2026-11-01.", Required = true };
        var to = new Option<string>("--to") { Description = "Its last day.", Required = true };
        var target = new Option<double>("--target") { Description = "What the team wants to save, in per cent of what it would have used in the same weather.", DefaultValueFactory = _ => 8 };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var team = new Command(
            "team", "Says what share a team saved, each member held against its own year before the challenge in the same weather. It is told to the team: so few homes are nobody else's business.") { members, from, to, target, json };
        team.SetAction((parsed, ct) => Offline.RunAsync(async (services, _) =>
        {
            var (first, last) = (Dates.Day(from.Name, parsed.GetRequiredValue(from)), Dates.Day(to.Name, parsed.GetRequiredValue(to)));
            if (last < first) throw new UsageException("--to: it lies before --from.");
            if (parsed.GetValue(target) is not (> 0 and < Percent)) throw new UsageException("--target: a share between 0 and 100 per cent.");
            var current = services.GetRequiredService<CurrentRegistry>();
            await current.RefreshAsync(ct);
            var homes = Members(parsed.GetRequiredValue(members), current.Snapshot);
            Months months = new(services.GetRequiredService<IHouseholdDays>(), services.GetRequiredService<ITemperatures>(), current, services.GetRequiredService<TimeProvider>());
            if (last >= months.Today) throw new UsageException($"--to: {LocalDatePattern.Iso.Format(last)} is not over.");
            var estimates = await EstimatesAsync(services, homes, first, last, months, current.Snapshot.Calendar, ct);
            var challenge = await Telling.RunAsync(
                services, first, last.PlusDays(1), shown => Task.FromResult(Decide(estimates, parsed.GetValue(target) / Percent, first, last.PlusDays(1), shown)), ct);
            Console.WriteLine(parsed.GetValue(json) ? JsonOf(challenge) : TextOf(challenge, homes.Count));
            return 0;
        }, ct));
        return team;
    }

    /// <summary>The share is of the members that count: one more of them, and the difference is what that home saved.</summary>
    private static Told<TeamChallenge> Decide(IReadOnlyDictionary<HouseholdId, SavingsEstimate> estimates, double target, LocalDate from, LocalDate to, IReadOnlyList<ShownGroup> shown)
    {
        var challenge = TeamChallenge.Of([.. estimates.Values], target);
        if (challenge.State is ChallengeState.NotEnoughData) return new(challenge, []);
        var counted = estimates.Where(e => Portfolio.Counts(e.Value)).Select(e => e.Key).ToHashSet();
        return Release.CheckTeam(counted, from, to, shown.Where(s => s.Audience == ShownTo.Teams).Select(s => s.Group)) is null
            ? new(challenge, [new(ShownTo.Teams, new(new(TeamChallenge.FewestHomes), counted, from, to))])
            : throw new UsageException("Some of these homes have been told of for some of these days with others, in another team or before all members had enough days: the difference would tell what a home saved. Ask when all have, and keep a home in one team.");
    }

    private static async Task<IReadOnlyDictionary<HouseholdId, SavingsEstimate>> EstimatesAsync(
        IServiceProvider services, IReadOnlyCollection<HouseholdId> homes, LocalDate first, LocalDate last, Months months, LocalCalendar calendar, CancellationToken ct)
    {
        var start = first.PlusDays(-1); // counts for nothing, as the day of any change
        var begin = start.PlusDays(-Sufficiency.BaselineDays);
        var totals = (await services.GetRequiredService<IHouseholdDays>().TotalsAsync(begin, last.PlusDays(1), ct)).ToLookup(t => t.Household);
        var celsius = await months.CelsiusAsync(begin, last.PlusDays(1), ct);
        return homes.ToDictionary(home => home, home =>
        {
            var days = totals[home].ToDictionary(t => t.Day);
            var baseline = HomeBaseline.Of(home, days, celsius, start, calendar).Fit.FailedIfFeedingIn(HomeBaseline.FeedsIn(days, first, last));
            return SavingsEstimate.Of(baseline, HouseholdUse.Days(days, celsius, first, last, calendar));
        });
    }

    private static HashSet<HouseholdId> Members(string[] names, RegistrySnapshot snapshot)
    {
        HashSet<HouseholdId> homes = [];
        foreach (var name in names)
        {
            if (snapshot.Households.FirstOrDefault(h => string.Equals(h.Id.Value, name, StringComparison.Ordinal)) is not { } home) throw new UsageException($"The registry has no household '{name}'.");
            if (!home.IsHome) throw new UsageException($"{name} is no home.");
            if (!homes.Add(home.Id)) throw new UsageException($"{name} stands twice.");
        }

        return homes.Count is >= TeamChallenge.FewestHomes and <= TeamChallenge.MostHomes
            ? homes
            : throw new UsageException($"{Counted.Of(homes.Count, "home")}: a team has {TeamChallenge.FewestHomes} to {TeamChallenge.MostHomes}.");
    }

    private static string Name(ChallengeState state) => state switch
    {
        ChallengeState.Reached => "reached",
        ChallengeState.TooCloseToCall => "too-close-to-call",
        ChallengeState.NotReached => "not-reached",
        _ => "not-enough-data",
    };

    private static string JsonOf(TeamChallenge found) => JsonSerializer.Serialize(new
    {
        counted = found.Counted,
        share = found.State is ChallengeState.NotEnoughData ? (double?)null : Math.Round(found.Share, 3),
        band = found.State is ChallengeState.NotEnoughData ? (double?)null : Math.Round(found.Band, 3),
        target = found.Target,
        state = Name(found.State),
    });

    private static string TextOf(TeamChallenge found, int members)
    {
        var counted = $"{found.Counted} of {members} members have a year before and enough days, {TeamChallenge.FewestHomes} are needed at least.";
        if (found.State is ChallengeState.NotEnoughData) return $"Not enough data: {counted}";
        var verdict = found.State switch
        {
            ChallengeState.Reached => "The target is reached.",
            ChallengeState.NotReached => "The target is not reached.",
            _ => "Whether the target is reached is too close to call.",
        };
        return string.Create(
            CultureInfo.InvariantCulture, $"Saved {Percent * found.Share:0.0} % ± {Percent * found.Band:0.0} % (9 times in 10) of what this weather would have taken; the target is {Percent * found.Target:0.0} %.\n{verdict}\n{counted}");
    }
}
