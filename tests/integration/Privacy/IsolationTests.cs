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
        List<HashSet<HouseholdId>> principals = [[], .. bench.Homes.Select(h => new HashSet<HouseholdId> { h.Id }), .. bench.Accounts]; // the public and operators; residents; accounts with two homes

        List<string> isolated = [];
        foreach (var month in figures.GroupBy(f => f.Month))
        foreach (var own in principals)
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

    private static async Task<List<Figure>> FiguresAsync(PrivacyBench bench)
    {
        var ledger = await bench.Get<IReleases>().ShownAsync(new(2026, 1, 1), new(2027, 1, 1), Stop);
        List<Figure> figures = [];
        foreach (var (key, json) in await bench.EveryVersionAsync(ResultKind.Report))
        {
            var told = MonthlyReport.FromJson(json).Neighbours;
            if (told.MeanWhPerDay is not { } mean) continue;
            var figure = MadeOf(bench, ledger, key.Subject, key.Period, told.Homes, values => Whole(values.Average()) == mean);
            // A percentile is no sum, so it is no row; what is asked of it is its number of other homes.
            (told.EfficientWhPerDay is null || figure.Homes.Count >= 20).Should().BeTrue();
            figures.Add(figure);
        }

        foreach (var (key, json) in await bench.EveryVersionAsync(ResultKind.Neighbourhood))
        {
            var told = NeighbourhoodMonth.FromJson(json);
            var days = MonthlyReport.MonthOf(key.Period).ToDateInterval().Length;
            foreach (var many in told.Buildings.Select(b => b.Import).Append(told.Neighbourhood).Where(m => m.Hidden is null))
            {
                many.ImportWh.Should().Be(many.Homes * many.MeanWhPerHome, "nothing tells the exact number of homes");
                figures.Add(MadeOf(bench, ledger, null, key.Period, many.Homes, values => Whole(values.Average() * days) == many.MeanWhPerHome));
            }
        }

        return figures;
    }

    /// <summary>The homes, and their values as they stood at some turn, that a figure comes out of.</summary>
    private static Figure MadeOf(PrivacyBench bench, IReadOnlyList<ShownGroup> ledger, HouseholdId? audience, string period, int rounded, Func<IEnumerable<double>, bool> comesOut)
    {
        var month = MonthlyReport.MonthOf(period);
        foreach (var group in ledger.Where(l => l.Audience == audience && l.Group.From.ToYearMonth() == month).Select(l => l.Group.Homes).Where(homes => homes.Count / 5 * 5 == rounded))
        foreach (var stage in bench.Stages)
        {
            if (group.All(h => stage.ContainsKey((h, month))) && comesOut(group.Select(h => (double)stage[(h, month)])))
                return new(month, audience, group.ToDictionary(h => h, h => stage[(h, month)]));
        }

        throw new InvalidOperationException($"What {audience?.ToString() ?? "everybody"} was told of {period} comes out of no homes of the ledger.");
    }

    private static long Whole(double value) => (long)Math.Round(value, MidpointRounding.ToEven);

    private sealed record Figure(YearMonth Month, HouseholdId? Audience, IReadOnlyDictionary<HouseholdId, long> Homes);
}
