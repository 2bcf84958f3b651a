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
    /// <returns>Null if an aggregate of these values may be shown, as far as it stands alone.</returns>
    public static Suppression? Check(ReleaseRule rule, IReadOnlyCollection<double> values)
    {
        if (values.Count < rule.Homes) return Suppression.TooFewHomes;
        var total = values.Sum(Math.Abs);
        return total > 0 && values.Max(Math.Abs) > rule.MaxShare * total ? Suppression.OneHomeDominates : null;
    }

    /// <param name="homes">Who is in it, with what.</param>
    /// <param name="from">First day of the period.</param>
    /// <param name="to">The day after its last.</param>
    /// <param name="earlier">Everything that the same people have been shown, later versions included.</param>
    /// <param name="own">The home that they know, as a resident knows theirs.</param>
    /// <returns>Null if it may be shown.</returns>
    public static Suppression? Check(
        ReleaseRule rule, IReadOnlyDictionary<HouseholdId, double> homes, LocalDate from, LocalDate to, IEnumerable<ReleasedGroup> earlier, HouseholdId? own = null)
    {
        if (Check(rule, [.. homes.Where(h => h.Key != own).Select(h => h.Value)]) is { } alone) return alone;
        List<ReleasedGroup> groups = [.. earlier.Where(g => g.Overlaps(from, to)), new(rule, homes.Keys.ToHashSet(), from, to)];
        // Days add up to a month, and can be subtracted from one as a month; a month says nothing of its days.
        return groups.Select(g => g.Rule.Homes).Distinct().Any(size => Atoms(groups.Where(g => g.Rule.Homes >= size), own).Any(atom => atom < size))
            ? Suppression.CouldBeSubtracted
            : null;
    }

    /// <summary>
    /// The cells of a table whose total is shown too: largest first, each only if none of those that stay hidden can be had by subtraction. So
    /// never exactly one is hidden, unless it is large enough to be shown.
    /// </summary>
    /// <returns>For each cell null if it may be shown; then also the total's answer.</returns>
    public static (IReadOnlyList<Suppression?> Cells, Suppression? Total) CheckTable(
        ReleaseRule rule, IReadOnlyList<IReadOnlyDictionary<HouseholdId, double>> cells, LocalDate from, LocalDate to, IReadOnlyCollection<ReleasedGroup> earlier)
    {
        List<ReleasedGroup> shown = [.. earlier];
        var total = Decide(cells.SelectMany(c => c).ToDictionary());
        var answers = new Suppression?[cells.Count];
        foreach (var i in Enumerable.Range(0, cells.Count).OrderByDescending(i => cells[i].Count).ThenBy(i => i)) answers[i] = Decide(cells[i]);
        return (answers, total);

        Suppression? Decide(IReadOnlyDictionary<HouseholdId, double> homes)
        {
            var answer = Check(rule, homes, from, to, shown);
            if (answer is null) shown.Add(new(rule, homes.Keys.ToHashSet(), from, to));
            return answer;
        }
    }

    /// <summary>A number of homes, coarse enough to hide who came or left.</summary>
    public static int RoundedCount(int homes) => homes / 5 * 5;

    // Homes that are in exactly the same groups cannot be told apart by any sum of multiples of them; and whatever such a sum is of, it is of whole
    // sets of these. If each has k homes, nothing isolates fewer.
    private static IEnumerable<int> Atoms(IEnumerable<ReleasedGroup> groups, HouseholdId? own) => groups
        .SelectMany((group, i) => group.Homes.Select(home => (Home: home, Group: i)))
        .Where(m => m.Home != own)
        .GroupBy(m => m.Home, m => m.Group)
        .GroupBy(home => string.Join(',', home), StringComparer.Ordinal)
        .Select(atom => atom.Count());
}
