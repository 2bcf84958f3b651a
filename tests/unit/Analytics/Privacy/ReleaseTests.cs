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
        Check(Homes(110), ReleaseRule.Daily, [Shown(Homes(120))]).Should().BeNull("the month's other days are not told");
    }

    [Fact]
    public void The_last_day_of_a_month_whose_days_are_all_told_adds_up_to_the_month()
    {
        ReleasedGroup Day(int day) => new(ReleaseRule.Daily, Homes(110).Keys.ToHashSet(), new(2026, 11, day), new LocalDate(2026, 11, day).PlusDays(1));
        Suppression? Last(int homes, params ReleasedGroup[] told) =>
            Release.Check(ReleaseRule.Daily, Homes(homes), new(2026, 11, 30), December, [], [Knowing([], told)]);
        ReleasedGroup[] days = [.. Enumerable.Range(1, 29).Select(Day)];

        Last(110, [Shown(Homes(120)), .. days]).Should().Be(Suppression.CouldBeSubtracted);
        Last(110, [Shown(Homes(125)), .. days]).Should().BeNull("fifteen are left");
        Last(110, [Shown(Homes(120)), .. days[1..]]).Should().BeNull("one day is not told");
        Release.Check(ReleaseRule.Totals, Homes(120), November, December, [.. days, Day(30)], [Audience.Public]).Should().Be(Suppression.CouldBeSubtracted, "the month after its days");
        Release.Check(ReleaseRule.Totals, Homes(120), November, December, days, [Audience.Public]).Should().BeNull();
    }

    [Fact]
    public void Days_that_differ_by_a_home_hide_no_month()
    {
        ReleasedGroup Day(int day, int homes) => new(ReleaseRule.Curve(11), Homes(homes).Keys.ToHashSet(), new(2026, 11, day), new LocalDate(2026, 11, day).PlusDays(1));

        Release.Check(ReleaseRule.Totals, Homes(600), November, December, [], [Knowing([], [Day(4, 599), Day(5, 600)])]).Should().BeNull();
    }

    [Fact]
    public void A_home_is_in_one_team_at_a_time()
    {
        ReleasedGroup team = Shown(Homes(6)) with { Rule = new(5) };
        Suppression? Team(Dictionary<HouseholdId, double> homes, LocalDate from) => Release.CheckTeam(homes.Keys.ToHashSet(), from, from.PlusMonths(1), [team]);

        Team(Homes(6), November).Should().BeNull("the same team");
        Team(Homes(5), November).Should().Be(Suppression.CouldBeSubtracted);
        Team(Homes(6, from: 5), November.PlusDays(20)).Should().Be(Suppression.CouldBeSubtracted);
        Team(Homes(6, from: 6), November).Should().BeNull("other homes");
        Team(Homes(5), December).Should().BeNull("other days");
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

    /// <summary>
    /// The same to operators, who are told of months before and after something, and of the difference that it made to homes against others: the mean of the others after, the change, and the
    /// change between two halves of the time before; asked of one month after it, or of two.
    /// </summary>
    [Fact]
    public void No_linear_combination_of_sums_and_of_differences_between_arms_isolates_fewer_than_k_homes() =>
        Gen.Select(Gen.Int[2, 3], Gen.Int[0, 1 << Few], Gen.Int[0, 1 << Few], Gen.Int[0, Few - 1], Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[0, 5]).Array[1, 8]).Sample((k, a, b, one, choices) =>
        {
            // What whoever is after one home asks for: the same arms again, all of them together, and with that home or without.
            int[] groups = [a, b & ~a, a | b, a | b | (1 << one), (a | b) & ~(1 << one), a & ~(1 << one), b ^ a];
            var asked = choices.Select(c => (Item1: groups[c.Item1], Item2: groups[c.Item2], c.Item3)).ToList();
            ReleaseRule rule = new(k, MaxShare: 1);
            var (sums, treatedArms, controlArms, rows) = (new List<ReleasedGroup>(), new List<ReleasedGroup>(), new List<ReleasedGroup>(), new List<double[]>());
            // Operators are told of sums first, and those stand.
            foreach (var (mask, _, kind) in asked.Where(a => a.Item3 < 4))
            {
                var (from, to) = (Times[kind], Times[kind + 1]);
                var homes = Of(mask);
                if (Release.Check(rule, homes, from, to, sums, [Audience.Public]) is not null) continue;
                sums.Add(new(rule, homes.Keys.ToHashSet(), from, to));
                rows.Add(Row((home, time) => time == kind && In(mask, home) ? 1 : 0));
            }

            // Whoever asks tries each pair of arms the other way round as well.
            foreach (var (treated, control, after) in asked.Where(a => a.Item3 >= 4)
                .SelectMany(a => new[] { (a.Item1, a.Item2 & ~a.Item1, a.Item3 - 3), (a.Item2 & ~a.Item1, a.Item1, a.Item3 - 3) }))
            {
                var (n, m) = ((double)Of(treated).Count, (double)Of(control).Count);
                var (from, to) = (Times[0], Times[2 + after]);
                if (Release.CheckDifference(rule, (Of(treated), Of(control)), from, to, sums, treatedArms, controlArms) is not null) continue;
                treatedArms.Add(new(rule, Of(treated).Keys.ToHashSet(), from, to));
                controlArms.Add(new(rule, Of(control).Keys.ToHashSet(), from, to));
                double Side(int home) => In(treated, home) ? 1 / n : In(control, home) ? -1 / m : 0;
                double After(int time) => time >= 2 && time < 2 + after ? 1.0 / after : 0;
                rows.Add(Row((home, time) => Side(home) * (time < 2 ? -0.5 : After(time))));
                rows.Add(Row((home, time) => In(control, home) ? After(time) / m : 0));
                rows.Add(Row((home, time) => Side(home) * (time == 0 ? -1 : time == 1 ? 1 : 0)));
            }

            return rows.Count == 0 || !Enumerable.Range(1, (1 << Few) - 1).Any(set => Leaves(rows, set, k));
        });

    private const int Few = 8;

    /// <summary>Two halves of the time before, and two months after.</summary>
    private static readonly LocalDate[] Times = [new(2026, 1, 1), new(2026, 2, 1), new(2026, 3, 1), new(2026, 4, 1), new(2026, 5, 1)];

    private const int Months = 4;

    private static bool In(int mask, int home) => (mask >> home & 1) == 1;

    private static Dictionary<HouseholdId, double> Of(int mask) => Enumerable.Range(0, Few).Where(h => In(mask, h)).ToDictionary(Home, _ => 1.0);

    private static double[] Row(Func<int, int, double> value) => [.. Enumerable.Range(0, Few).SelectMany(home => Enumerable.Range(0, Months).Select(time => value(home, time)))];

    private static bool Leaves(List<double[]> rows, int set, int k)
    {
        int[] outside = [.. Enumerable.Range(0, Few).Where(h => !In(set, h)).SelectMany(h => Enumerable.Range(Months * h, Months))];
        return int.PopCount(set) < k && Rank([.. Enumerable.Range(0, Months * Few)]) > Rank(outside);

        int Rank(int[] columns) => Matrix<double>.Build.DenseOfRows(rows.Select(r => columns.Select(c => r[c]))).Rank();
    }

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
