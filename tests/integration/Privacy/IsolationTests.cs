using Grid.Analytics;
using Grid.Domain;

namespace Grid.IntegrationTests.Privacy;

/// <summary>
/// Everything that the jobs have ever let be seen, every version of it, as equations: no principal can solve them for fewer than 15 homes. What a figure is made of is not taken from the
/// code that released it: it must come out, to the watt-hour, from what the homes used.
/// </summary>
public class IsolationTests
{
    private const int K = 15;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_linear_combination_of_what_anybody_is_told_isolates_fewer_than_fifteen_homes(int seed)
    {
        await using var bench = await PrivacyBench.RunAsync(seed);
        var figures = await FiguresAsync(bench);
        List<string> isolated = [];
        foreach (var month in figures.GroupBy(f => f.Month))
        foreach (var own in Principals(bench, month.Key))
        {
            var rows = month.Where(f => f.Audience is not { } home || own.Contains(home)).Select(f => f.Homes).ToList();
            Knowledge<HouseholdId> knowledge = new(rows);
            if (knowledge.SmallestIsolated(own, K) is { } homes) isolated.Add($"{month.Key}: {homes} homes, by {(own.Count == 0 ? "the public" : string.Join('+', own))}");
            // The same question asked without sets, of some: that of all would take minutes.
            if (own.Count == 0 || own.First().Value.EndsWith("00", StringComparison.Ordinal)) isolated.AddRange(knowledge.Told(own).Select(h => $"{month.Key}: {h} alone"));
        }

        isolated.Should().BeEmpty();
        figures.Count(f => f.Audience is not null).Should().BeGreaterThan(200, "most homes are compared");
        figures.Where(f => f.Audience is null).Should().Contain(f => f.Homes.Count > 100, "the neighbourhood is told");
    }

    /// <summary>What they know of homes: the public and operators nothing, residents their own, accounts with two homes both.</summary>
    private static IEnumerable<HashSet<HouseholdId>> Principals(PrivacyBench bench, YearMonth month) =>
        [[], .. bench.Homes.Select(h => new HashSet<HouseholdId> { h.Id }), .. bench.Accounts.Select(a => a.In(month))];

    private static async Task<List<Figure>> FiguresAsync(PrivacyBench bench)
    {
        var ledger = await bench.Get<IReleases>().ShownAsync(new(2026, 1, 1), new(2027, 1, 1), Stop);
        List<Told> told = [];
        foreach (var (key, json) in await bench.EveryVersionAsync(ResultKind.Report))
        {
            var neighbours = MonthlyReport.FromJson(json).Neighbours;
            if (neighbours.MeanWhPerDay is not { } mean) continue;
            // A percentile is no sum, so it is no row; what is asked of it is its number of homes.
            (neighbours.EfficientWhPerDay is null || neighbours.Homes >= 20).Should().BeTrue();
            told.Add(new(MonthlyReport.MonthOf(key.Period), key.Subject, neighbours.Homes, values => Whole(values.Average()) == mean));
        }

        foreach (var (key, json) in await bench.EveryVersionAsync(ResultKind.Neighbourhood))
        {
            var (month, all) = (MonthlyReport.MonthOf(key.Period), NeighbourhoodMonth.FromJson(json));
            foreach (var many in all.Buildings.Select(b => b.Import).Append(all.Neighbourhood).Where(m => m.Hidden is null))
            {
                many.ImportWh.Should().Be(many.Homes * many.MeanWhPerHome, "nothing tells the exact number of homes");
                told.Add(new(month, null, many.Homes, values => Whole(values.Average() * month.ToDateInterval().Length) == many.MeanWhPerHome));
            }
        }

        return [.. told.GroupBy(t => t.Month).SelectMany(month => MadeOf(bench, ledger, [.. month]))];
    }

    /// <summary>
    /// The homes, and their values as they stood at some turn, that each figure comes out of. Where a mean is too coarse to tell two turns apart, it is the one that most of the month's
    /// figures come out of.
    /// </summary>
    private static IEnumerable<Figure> MadeOf(PrivacyBench bench, IReadOnlyList<ShownGroup> ledger, IReadOnlyList<Told> told)
    {
        var possible = told.Select(figure => bench.Stages.Select(stage => ledger
                .Where(l => l.Audience == (figure.Audience ?? ShownTo.Everybody) && l.Group.From.ToYearMonth() == figure.Month && l.Group.Homes.Count / 5 * 5 == figure.Homes)
                .Select(l => l.Group.Homes).Where(homes => homes.All(h => stage.ContainsKey((h, figure.Month))))
                .Select(homes => homes.ToDictionary(h => h, h => stage[(h, figure.Month)]))
                .FirstOrDefault(homes => figure.ComesOutOf(homes.Values.Select(v => (double)v)))).ToList()).ToList();
        var stages = Enumerable.Range(0, bench.Stages.Count).OrderByDescending(i => possible.Count(p => p[i] is not null)).ToList();
        return told.Zip(possible, (figure, by) => new Figure(figure.Month, figure.Audience, stages.Select(i => by[i]).FirstOrDefault(homes => homes is not null)
            ?? throw new InvalidOperationException($"What {figure.Audience?.ToString() ?? "everybody"} was told of {figure.Month} comes out of no homes of the ledger.")));
    }

    private static long Whole(double value) => (long)Math.Round(value, MidpointRounding.ToEven);

    private sealed record Told(YearMonth Month, HouseholdId? Audience, int Homes, Func<IEnumerable<double>, bool> ComesOutOf);

    private sealed record Figure(YearMonth Month, HouseholdId? Audience, IReadOnlyDictionary<HouseholdId, long> Homes);
}
