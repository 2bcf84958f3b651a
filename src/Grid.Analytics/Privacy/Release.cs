using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Why an aggregate may not be shown.</summary>
public enum Suppression
{
    /// <summary>METHOD.md rule 3.1.</summary>
    TooFewHomes = 1,

    /// <summary>METHOD.md rule 3.2.</summary>
    OneHomeDominates = 2,

    /// <summary>METHOD.md rule 3.4.</summary>
    CouldBeSubtracted = 3,
}

/// <summary>
/// Decides whether an aggregate over homes gives none of them away (METHOD.md section 3): by itself, and by subtraction from what was
/// shown before. The one place that decides it, for pages, jobs, exports and the API.
/// </summary>
public static class Release
{
    /// <param name="homes">Who is in it, with what.</param>
    /// <param name="audiences">Who is shown it. What they know of their own homes does not count.</param>
    /// <returns>Null if it may be shown, as far as it stands alone.</returns>
    public static Suppression? Check(ReleaseRule rule, IReadOnlyDictionary<HouseholdId, double> homes, IEnumerable<Audience> audiences)
    {
        var total = homes.Values.Sum(Math.Abs);
        List<KeyValuePair<HouseholdId, double>> largest = [.. homes.OrderByDescending(h => Math.Abs(h.Value))];
        Suppression? answer = null;
        foreach (var audience in audiences)
        {
            List<HouseholdId> own = [.. audience.Own.Where(homes.ContainsKey)];
            if (homes.Count - own.Count < rule.Homes) return Suppression.TooFewHomes;
            var most = Math.Abs(largest.First(h => !audience.Own.Contains(h.Key)).Value);
            if (most > 0 && most > rule.MaxShare * (total - own.Sum(h => Math.Abs(homes[h])))) answer = Suppression.OneHomeDominates;
        }

        return answer;
    }

    /// <param name="homes">Who is in it, with what.</param>
    /// <param name="from">First day of the period.</param>
    /// <param name="to">The day after its last.</param>
    /// <param name="forAll">What everybody has been shown, later versions included.</param>
    /// <param name="audiences">Who is shown it; it must hold for each of them.</param>
    /// <returns>Null if it may be shown.</returns>
    public static Suppression? Check(
        ReleaseRule rule, IReadOnlyDictionary<HouseholdId, double> homes, LocalDate from, LocalDate to, IEnumerable<ReleasedGroup> forAll, IReadOnlyCollection<Audience> audiences)
    {
        if (Check(rule, homes, audiences) is { } alone) return alone;
        var told = forAll as IReadOnlyCollection<ReleasedGroup> ?? [.. forAll];
        List<ReleasedGroup> groups = [.. told.Where(g => g.Overlaps(from, to)), new(rule, homes.Keys.ToHashSet(), from, to)];
        // Among finer series it is not: a month says nothing of days.
        foreach (var size in groups.Concat(audiences.SelectMany(a => a.Shown)).Select(g => g.Rule.Homes).Where(size => size <= rule.Homes).Distinct().ToList())
        {
            Atoms? alike = null;
            List<ReleasedGroup> ofSize = [.. groups.Where(g => g.Rule.Homes == size)];
            foreach (var audience in audiences)
            {
                List<ReleasedGroup> more = [.. audience.Shown.Where(g => g.Rule.Homes == size && g.Overlaps(from, to))];
                var finer = AddingUp(size, [.. ofSize, .. more], [.. groups, .. told, .. audience.Shown]);
                var atoms = finer.Count == 0 ? alike ??= new(ofSize) : new(ofSize.Concat(finer));
                if (atoms.AnySmaller(size, audience.Own, more)) return Suppression.CouldBeSubtracted;
            }
        }

        return null;
    }

    /// <summary>
    /// The difference between two arms of a campaign (METHOD.md rule 6.10). Each arm fulfils the rule, and no home is in another
    /// difference of overlapping months, nor in this one with other months. Sums do not come into it as long as they hold <paramref name="rule"/>'s number of homes of both
    /// arms alike: whatever takes the ones away leaves the others twice.
    /// </summary>
    /// <param name="arms">Who is in each, with what.</param>
    /// <param name="sums">That the same people were shown.</param>
    /// <param name="treated">The one arm of each difference that they were shown.</param>
    /// <param name="control">The other, in the same order; its share tells its mean.</param>
    /// <returns>Null if it may be shown.</returns>
    public static Suppression? CheckDifference(
        ReleaseRule rule, (IReadOnlyDictionary<HouseholdId, double> One, IReadOnlyDictionary<HouseholdId, double> Other) arms, LocalDate from, LocalDate to,
        IReadOnlyCollection<ReleasedGroup> sums, IReadOnlyCollection<ReleasedGroup> treated, IReadOnlyCollection<ReleasedGroup> control)
    {
        if ((Check(rule, arms.One, [Audience.Public]) ?? Check(rule, arms.Other, [Audience.Public])) is { } alone) return alone;
        HashSet<HouseholdId> both = [.. arms.One.Keys, .. arms.Other.Keys];
        foreach (var (one, other) in treated.Zip(control).Where(told => told.First.Overlaps(from, to)))
        {
            var again = one.From == from && one.To == to && one.Homes.SetEquals(arms.One.Keys) && other.Homes.SetEquals(arms.Other.Keys);
            if (!again && (one.Homes.Overlaps(both) || other.Homes.Overlaps(both))) return Suppression.CouldBeSubtracted;
        }

        List<ReleasedGroup> beside = [.. sums.Where(g => g.Overlaps(from, to))];
        List<ReleasedGroup> ofMonths = [.. beside.Where(g => g.Rule.Homes == rule.Homes)];
        Atoms alike = new(ofMonths.Concat(AddingUp(rule.Homes, ofMonths, beside)));
        var ofOther = arms.Other.Keys.GroupBy(alike.AtomOf).ToDictionary(g => g.Key, g => g.Count());
        return arms.One.Keys.GroupBy(alike.AtomOf).Any(g => g.Count() >= rule.Homes && ofOther.GetValueOrDefault(g.Key) >= rule.Homes) ? null : Suppression.CouldBeSubtracted;
    }

    /// <summary>A team, too small for any other rule, may be told of if each of its homes is in no other one for overlapping days (METHOD.md rule 6.8).</summary>
    /// <param name="teams">That were told of.</param>
    public static Suppression? CheckTeam(IReadOnlySet<HouseholdId> homes, LocalDate from, LocalDate to, IEnumerable<ReleasedGroup> teams) =>
        teams.Any(t => t.Overlaps(from, to) && t.Homes.Overlaps(homes) && !t.Homes.SetEquals(homes)) ? Suppression.CouldBeSubtracted : null;

    /// <summary>
    /// Days add up to a month, and can be subtracted from one as a month, where all of its days are told: a month says nothing of one of its days, and without it the month's other days
    /// are still of all of its homes.
    /// </summary>
    private static List<ReleasedGroup> AddingUp(int size, IReadOnlyCollection<ReleasedGroup> groups, IReadOnlyCollection<ReleasedGroup> told)
    {
        List<ReleasedGroup> finer = [.. told.Where(g => g.Rule.Homes > size && groups.Any(whole => whole.Overlaps(g.From, g.To)))];
        return finer.Count > 0 && groups.Any(whole => Fill(whole, told)) ? finer : [];
    }

    private static bool Fill(ReleasedGroup whole, IEnumerable<ReleasedGroup> told)
    {
        var next = whole.From;
        foreach (var part in told.Where(g => g.Overlaps(whole.From, whole.To) && (g.From > whole.From || g.To < whole.To)).OrderBy(g => g.From))
        {
            if (part.From > next) return false;
            if (part.To > next) next = part.To;
        }

        return next >= whole.To;
    }

    /// <summary>
    /// The cells of a table whose total is shown too: largest first, each only if none of those that stay hidden can be had by subtraction. So
    /// never exactly one is hidden, unless it is large enough to be shown.
    /// </summary>
    /// <returns>For each cell null if it may be shown; then also the total's answer.</returns>
    public static (IReadOnlyList<Suppression?> Cells, Suppression? Total) CheckTable(
        ReleaseRule rule, IReadOnlyList<IReadOnlyDictionary<HouseholdId, double>> cells, LocalDate from, LocalDate to, IEnumerable<ReleasedGroup> forAll, IReadOnlyCollection<Audience> audiences)
    {
        List<ReleasedGroup> shown = [.. forAll];
        var total = Decide(cells.SelectMany(c => c).ToDictionary());
        var answers = new Suppression?[cells.Count];
        foreach (var i in Enumerable.Range(0, cells.Count).OrderByDescending(i => cells[i].Count).ThenBy(i => i)) answers[i] = Decide(cells[i]);
        return (answers, total);

        Suppression? Decide(IReadOnlyDictionary<HouseholdId, double> homes)
        {
            var answer = Check(rule, homes, from, to, shown, audiences);
            if (answer is null) shown.Add(new(rule, homes.Keys.ToHashSet(), from, to));
            return answer;
        }
    }

    /// <summary>A number of homes, coarse enough to hide who came or left.</summary>
    public static int RoundedCount(int homes) => homes / 5 * 5;

    /// <summary>The reason as the API and stored results say it.</summary>
    public static string Name(this Suppression suppression) => suppression switch
    {
        Suppression.TooFewHomes => NeighbourComparison.TooFewHomes,
        Suppression.OneHomeDominates => NeighbourComparison.OneHomeDominates,
        Suppression.CouldBeSubtracted => NeighbourComparison.CouldBeSubtracted,
        _ => throw new ArgumentOutOfRangeException(nameof(suppression)),
    };
}
