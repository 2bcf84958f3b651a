using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;
using Grid.Jobs;
using Grid.Wire;

namespace Grid.Server;

/// <summary>Who is treated in a campaign, by lot, and what it changed (METHOD.md section 6), by the months that are settled (rule 2.6). Only the registry is read.</summary>
internal static class CampaignsCommand
{
    private const int YearMonths = 12;
    private const int EnoughMonths = 11;
    private const int MostDraws = 1_000;
    private const double WhPerKwh = 1_000;

    public static Command Create() => new("campaigns", "What a campaign changes: homes are treated by lot, and held against those that were not.") { Assign(), Evaluate(), TeamCommand.Create(), EventCommand.Create() };

    private static Command Assign()
    {
        var seed = new Option<int>("--seed") { Description = "Draws the lots: the same seed and homes give the same arms. An uneven draw is drawn again.", Required = true };
        var until = new Option<string?>("--until") { Description = "The last month that homes are chosen by, such as 2026-10; the last one that is over unless said." };
        var assign = new Command("assign", $"Draws the arms among the homes that count in {EnoughMonths} of {YearMonths} months, and prints a file for 'campaigns evaluate'. Do it before the start.") { seed, until };
        assign.SetAction((parsed, ct) => Offline.RunAsync(async (services, _) =>
        {
            var snapshot = await services.GetRequiredService<IRegistry>().ReadAsync(ct);
            var last = LastMonth(parsed, until, services, snapshot.Calendar);
            var months = await SettledAsync(services, last.PlusMonths(1 - YearMonths), last, ct);
            if (months.TrueForAll(m => m.Count == 0)) throw new UsageException($"No home counts in any of the {YearMonths} months up to {MonthlyReport.Name(last)}: each needs readings of {EnoughMonths} of them.");
            if (months[^1].Count == 0) throw new UsageException(NotSettled(last));
            var (candidates, without) = Candidates(snapshot, months);
            if (candidates.Count < 2 * ReleaseRule.Totals.Homes) throw new UsageException($"{Counted.Of(candidates.Count, "home")} with enough months: what fewer than {ReleaseRule.Totals.Homes} in an arm do could not be told.");
            var drawn = await DrawAsync(services, candidates, parsed.GetValue(seed), last, ct);
            foreach (var line in drawn.Lines) Console.WriteLine(line);
            await Console.Error.WriteLineAsync(
                $"{Counted.Of(drawn.Lines.Count - 1, "home")}: {drawn.Treated} treated, {drawn.Lines.Count - 1 - drawn.Treated} control; {Counted.Of(without, "home")} without enough months left out. "
                + $"The use before is alike: its standardised difference is under {Assignment.MaxImbalance.ToString(CultureInfo.InvariantCulture)}.");
            return 0;
        }, ct));
        return assign;
    }

    /// <summary>Once for the same months: many draws of the same homes, which are even in what homes use, would tell what each uses.</summary>
    private static Task<DrawnArms> DrawAsync(IServiceProvider services, IReadOnlyList<Candidate> candidates, int seed, YearMonth last, CancellationToken ct)
    {
        ResultKey key = new(ResultKind.Arms, null, MonthlyReport.Name(last));
        var results = services.GetRequiredService<IResults>();
        return Telling.RunAsync(services, Months.FirstOf(last), Months.FirstOf(last.PlusMonths(1)), async _ =>
        {
            if (await results.FindAsync(key, version: 1, ct) is { } stored && JsonSerializer.Deserialize<DrawnArms>(stored.Json) is { } before)
            {
                return before.Seed == seed
                    ? new Told<DrawnArms>(before, [])
                    : throw new UsageException($"--seed: the arms by {key.Period} were drawn with {before.Seed.ToString(CultureInfo.InvariantCulture)}, and stand: many draws of the same homes tell what each uses. Give that seed to print them again, or months a year apart with --until.");
            }

            if (await OverlappingAsync(results, last, ct) is { } near)
            {
                throw new UsageException(
                    $"--until: arms were drawn by the {YearMonths} months up to {near}, which overlap those up to {key.Period}: many draws of the same homes tell what each uses. "
                    + $"'--until {near}' with their seed prints them; or draw by months a year apart.");
            }

            var arms = Enumerable.Range(0, MostDraws).Select(draw => Assignment.ByLot(candidates, unchecked(seed + draw))).FirstOrDefault(a => a.IsBalanced)
                ?? throw new UsageException($"No draw makes the arms alike before the start, with {Counted.Of(candidates.Count, "home")}: a few that use much more than the others may be why.");
            DrawnArms drawn = new(seed, arms.Treated.Count, [.. ArmsFile.Lines(candidates.Select(c => (HouseholdId.Parse(c.Id), arms.Treated.Contains(c.Id))))]);
            return new Told<DrawnArms>(drawn, []) { Results = [new(key, JsonSerializer.SerializeToUtf8Bytes(drawn))] };
        }, ct);
    }

    /// <summary>The last month of those that arms were drawn by before, if they overlap the year up to <paramref name="last"/>.</summary>
    private static async Task<string?> OverlappingAsync(IResults results, YearMonth last, CancellationToken ct) => (await results.PeriodsAsync(ResultKind.Arms, subject: null, ct))
        .FirstOrDefault(p => Math.Abs(Period.Between(MonthlyReport.MonthOf(p).OnDayOfMonth(1), last.OnDayOfMonth(1), PeriodUnits.Months).Months) < YearMonths);

    private static Command Evaluate()
    {
        var file = new Argument<FileInfo>("file") { Description = $"As 'campaigns assign' printed it: CSV with a first line that names its columns.\n{string.Join('\n', ArmsFile.Columns.Select(c => $"{c.Name}: {c.Explanation}"))}" };
        var start = new Option<string?>("--start") { Description = "The campaign's first month, such as 2026-03.", Required = true };
        var until = new Option<string?>("--until") { Description = "Its last month; the last one that is over unless said." };
        var matched = new Option<bool>("--not-random") { Description = "The arms were not drawn by lot: the result is called quasi-experimental." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var evaluate = new Command("evaluate", "Prints what the treated homes changed beyond the others, with its 95 % interval, what could have been found, and the same of the year before, when nothing had been done. Do it when the campaign is over: of other months these homes are not told again.")
        {
            file, start, until, matched, json,
        };
        evaluate.SetAction((parsed, ct) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!path.Exists) throw new UsageException($"There is no file {path.FullName}.");
            var arms = ArmsFile.Read(path.FullName);
            return Offline.RunAsync(async (services, _) =>
            {
                var snapshot = await services.GetRequiredService<IRegistry>().ReadAsync(ct);
                if (arms.Keys.Except(snapshot.Households.Select(h => h.Id)).ToList() is { Count: > 0 } unknown)
                    throw new UsageException($"The registry has no household {string.Join(", ", unknown.Take(10))}{(unknown.Count > 10 ? ", …" : "")}.");
                if (snapshot.Households.FirstOrDefault(h => !h.IsHome && arms.ContainsKey(h.Id)) is { } other) throw new UsageException($"{other.Id} is no home: leave offices, shops and what a building shares out.");
                var first = MonthOf(parsed, start)!.Value;
                var last = LastMonth(parsed, until, services, snapshot.Calendar);
                if (last < first) throw new UsageException($"--start: {MonthlyReport.Name(first)} is after {MonthlyReport.Name(last)}, the last month{(parsed.GetValue(until) is null ? " that is over" : "")}.");
                var months = await SettledAsync(services, first.PlusMonths(-YearMonths), last, ct);
                if (months.FindIndex(YearMonths, m => m.Count == 0) is >= 0 and var open)
                    throw new UsageException(NotSettled(first.PlusMonths(open - YearMonths)));
                var results = services.GetRequiredService<IResults>();
                for (var month = first.PlusMonths(-YearMonths); month <= last; month = month.PlusMonths(1))
                {
                    var name = MonthlyReport.Name(month);
                    if (await results.AnyAsync(ResultKind.Counted, name, ct) && !await results.AnyAsync(ResultKind.Neighbourhood, name, ct))
                        throw new UsageException($"What everybody is told of {name} goes first: the job 'aggregates' has not told it yet. Wait for its next turn.");
                }

                var homes = arms.Select(a => HomeOf(a.Key, a.Value, months)).ToList();
                var (from, to) = (Months.FirstOf(first.PlusMonths(-YearMonths)), Months.FirstOf(last.PlusMonths(1)));
                var result = await Telling.RunAsync(services, from, to, shown =>
                {
                    var (found, arms) = CampaignResult.Of(homes, from, Months.FirstOf(first), to, new(shown, []));
                    return Task.FromResult(new Told<CampaignResult>(found, arms));
                }, ct);
                Console.WriteLine(parsed.GetValue(json) ? CampaignText.Json(result, parsed.GetValue(matched)) : CampaignText.Lines(result, parsed.GetValue(matched)));
                return 0;
            }, ct);
        });
        return evaluate;
    }

    /// <summary>Of each month what each home counts with, in Wh a day; nobody where it is not settled.</summary>
    private static async Task<List<IReadOnlyDictionary<HouseholdId, long>>> SettledAsync(IServiceProvider services, YearMonth first, YearMonth last, CancellationToken ct)
    {
        var results = services.GetRequiredService<IResults>();
        List<IReadOnlyDictionary<HouseholdId, long>> months = [];
        for (var month = first; month <= last; month = month.PlusMonths(1))
            months.Add((await results.NewestAsync(ResultKind.Counted, MonthlyReport.Name(month), ct)).Select(r => CountedMonth.FromJson(r.Json)).ToDictionary(c => HouseholdId.Parse(c.Household), c => c.WhPerDay));
        return months;
    }

    private static (IReadOnlyList<Candidate> Homes, int Without) Candidates(RegistrySnapshot snapshot, List<IReadOnlyDictionary<HouseholdId, long>> months)
    {
        var homes = snapshot.Households.Where(h => h.IsHome).Select(h => (Home: h, Wh: months.Where(m => m.ContainsKey(h.Id)).Select(m => m[h.Id]).ToList())).ToList();
        return ([.. homes.Where(h => h.Wh.Count >= EnoughMonths).Select(h => new Candidate(h.Home.Id.Value, h.Wh.Average(), h.Home.Heating is HeatingKind.Electric))], homes.Count(h => h.Wh.Count < EnoughMonths));
    }

    private static CampaignHome HomeOf(HouseholdId home, bool treated, List<IReadOnlyDictionary<HouseholdId, long>> months)
    {
        var kwh = months.ConvertAll(m => m.TryGetValue(home, out var wh) ? wh / WhPerKwh : (double?)null);
        return new(home.Value, treated, kwh[..YearMonths], kwh[YearMonths..]);
    }

    private static YearMonth LastMonth(ParseResult parsed, Option<string?> until, IServiceProvider services, LocalCalendar calendar)
    {
        var over = Dates.Today(services, calendar).ToYearMonth().PlusMonths(-1);
        var last = MonthOf(parsed, until) ?? over;
        return last <= over ? last : throw new UsageException($"{until.Name}: {MonthlyReport.Name(last)} is not over.");
    }

    private static string NotSettled(YearMonth month) =>
        $"{MonthlyReport.Name(month)} is not settled: the job 'counted' does that when nine homes in ten have its readings, or {CountedMonth.LongestWaitDays} days after its end. Name an earlier month with --until, or wait.";

    private static YearMonth? MonthOf(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { } text ? Dates.Month(option.Name, text) : null;

    /// <param name="Lines">The file for <c>campaigns evaluate</c>.</param>
    private sealed record DrawnArms(int Seed, int Treated, IReadOnlyList<string> Lines);
}
