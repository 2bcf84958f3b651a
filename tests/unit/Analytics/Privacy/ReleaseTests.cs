using CsCheck;
using Grid.Analytics;
using Grid.Domain;
using MathNet.Numerics.LinearAlgebra;

namespace Grid.UnitTests.Analytics.Privacy;

public sealed class ReleaseTests
{
    private static readonly LocalDate November = new(2026, 11, 1);
    private static readonly LocalDate December = new(2026, 12, 1);

    [Fact]
    public void Fourteen_homes_are_too_few_and_fifteen_are_not()
    {
        Check(Homes(14)).Should().Be(Suppression.TooFewHomes);
        Check(Homes(15)).Should().BeNull();
    }

    [Fact]
    public void No_home_may_hold_more_than_15_percent()
    {
        Check(With(share: 0.151)).Should().Be(Suppression.OneHomeDominates);
        Check(With(share: 0.15)).Should().BeNull();

        static Dictionary<HouseholdId, double> With(double share) => Homes(20).ToDictionary(h => h.Key, h => h.Key == Home(0) ? share : (1 - share) / 19);
    }

    [Fact]
    public void A_series_of_days_needs_a_hundred_homes_and_a_curve_more_the_longer_it_is()
    {
        Check(Homes(99), ReleaseRule.Daily).Should().Be(Suppression.TooFewHomes);
        Check(Homes(100), ReleaseRule.Daily).Should().BeNull();
        new[] { 1, 2, 31, 32 }.Select(d => ReleaseRule.Curve(d).Homes).Should().Equal(100, 500, 500, 5_000);
    }

    [Fact]
    public void A_group_and_the_group_without_one_home_are_not_both_shown()
    {
        var all = Homes(20);
        var less = all.Where(h => h.Key != Home(7)).ToDictionary();

        Check(less, earlier: [Shown(all)]).Should().Be(Suppression.CouldBeSubtracted);
        Check(less, earlier: [Shown(all) with { From = December, To = December.PlusMonths(1) }]).Should().BeNull("of another month it says nothing");
    }

    [Fact]
    public void A_year_is_held_against_its_months()
    {
        var all = Homes(20);
        var left = all.Where(h => h.Key != Home(7)).ToDictionary();

        Release.Check(ReleaseRule.Totals, left, new(2026, 1, 1), new(2027, 1, 1), [Shown(all)], [Audience.Public]).Should().Be(Suppression.CouldBeSubtracted);
    }

    [Fact]
    public void Days_of_a_district_stand_beside_months_of_its_blocks_and_not_beside_days_of_half_of_it()
    {
        var (district, block) = (Homes(150), Shown(Homes(20)));

        Check(district, ReleaseRule.Daily, [block]).Should().BeNull();
        Check(district, ReleaseRule.Daily, [block with { Rule = ReleaseRule.Daily, Homes = Homes(100).Keys.ToHashSet() }]).Should().Be(Suppression.CouldBeSubtracted);
        Check(Homes(110), ReleaseRule.Daily, [Shown(Homes(120))]).Should().Be(Suppression.CouldBeSubtracted, "the days add up to a month");
    }

    [Fact]
    public void A_resident_can_subtract_their_own_home()
    {
        Check(Homes(15), own: Home(3)).Should().Be(Suppression.TooFewHomes);
        Check(Homes(16), own: Home(3)).Should().BeNull();
        Check(Homes(31).Where(h => h.Key != Home(0)).ToDictionary(), earlier: [Shown(Homes(31))], own: Home(0)).Should().BeNull("the difference is their own");
    }

    [Fact]
    public void A_small_cell_of_a_table_takes_the_smallest_other_one_with_it()
    {
        IReadOnlyDictionary<HouseholdId, double>[] blocks = [Homes(20), Homes(30, from: 20), Homes(25, from: 50), Homes(10, from: 75)];

        var (cells, total) = Release.CheckTable(ReleaseRule.Totals, blocks, November, December, [], [Audience.Public]);

        total.Should().BeNull();
        cells.Should().Equal(Suppression.CouldBeSubtracted, null, null, Suppression.TooFewHomes);
    }

    [Fact]
    public void No_linear_combination_of_what_is_shown_isolates_fewer_than_k_homes_to_anybody() =>
        Gen.Select(Gen.Int[2, 3], Gen.Int[0, 1 << 10].Array[1, 8], Gen.Int[-1, 9]).Sample((k, asked, own) =>
        {
            var (shown, rows) = (new List<ReleasedGroup>(), new List<double[]>());
            HouseholdId? self = own < 0 ? null : Home(own);
            foreach (var mask in asked)
            {
                var homes = Enumerable.Range(0, 10).Where(h => (mask >> h & 1) == 1).ToDictionary(Home, _ => 1.0);
                if (Check(homes, new(k, MaxShare: 1), shown, self) is not null) continue;
                shown.Add(Shown(homes) with { Rule = new(k, MaxShare: 1) });
                rows.Add([.. Enumerable.Range(0, 10).Select(h => (double)(mask >> h & 1))]);
            }

            return rows.Count == 0 || !Enumerable.Range(1, 1 << 10).Any(set => Isolates(rows, set, own, k));
        });

    // What is known are the shown sums and, to a resident, their own home. A combination of them lives on the set alone if leaving the set's columns out loses rank.
    private static bool Isolates(List<double[]> rows, int set, int own, int k)
    {
        int[] inside = [.. Enumerable.Range(0, 10).Where(h => (set >> h & 1) == 1 && h != own)], outside = [.. Enumerable.Range(0, 10).Where(h => (set >> h & 1) == 0 && h != own)];
        if (inside.Length == 0 || inside.Length >= k) return false;
        return Rank([.. inside, .. outside]) > Rank(outside);

        int Rank(int[] columns) => columns.Length == 0 ? 0 : Matrix<double>.Build.DenseOfRows(rows.Select(r => columns.Select(c => r[c]))).Rank();
    }

    private static Suppression? Check(Dictionary<HouseholdId, double> homes, ReleaseRule? rule = null, IEnumerable<ReleasedGroup>? earlier = null, HouseholdId? own = null) =>
        Release.Check(rule ?? ReleaseRule.Totals, homes, November, December, [], [Knowing(own is { } one ? [one] : [], [.. earlier ?? []])]);

    private static Audience Knowing(HashSet<HouseholdId> own, IReadOnlyList<ReleasedGroup> shown) => new(own, shown);

    private static ReleasedGroup Shown(IReadOnlyDictionary<HouseholdId, double> homes) => new(ReleaseRule.Totals, homes.Keys.ToHashSet(), November, December);

    private static Dictionary<HouseholdId, double> Homes(int count, int from = 0) => Enumerable.Range(from, count).ToDictionary(Home, _ => 1.0);

    private static HouseholdId Home(int number) => HouseholdId.Parse($"h-{number}");
}
