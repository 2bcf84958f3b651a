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
        List<ReleasedGroup> groups = [.. forAll.Where(g => g.Overlaps(from, to)), new(rule, homes.Keys.ToHashSet(), from, to)];
        // Days add up to a month, and can be subtracted from one as a month; a month says nothing of its days.
        foreach (var size in groups.Concat(audiences.SelectMany(a => a.Shown)).Select(g => g.Rule.Homes).Distinct().ToList())
        {
            Atoms atoms = new(groups.Where(g => g.Rule.Homes >= size));
            if (audiences.Any(a => atoms.AnySmaller(size, a.Own, a.Shown.Where(g => g.Rule.Homes >= size && g.Overlaps(from, to))))) return Suppression.CouldBeSubtracted;
        }

        return null;
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
