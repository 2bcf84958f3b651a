using Grid.Domain;

namespace Grid.Analytics;

/// <summary>
/// Homes that are in exactly the same groups cannot be told apart by any sum of multiples of these; and whatever such a sum is of, it is of whole sets of such
/// homes. If each set has k homes, nothing isolates fewer (METHOD.md rule 3.4).
/// </summary>
internal sealed class Atoms
{
    private readonly Dictionary<HouseholdId, int> _atomOf = [];
    private readonly List<int> _sizes = [];

    public Atoms(IEnumerable<ReleasedGroup> groups)
    {
        foreach (var group in groups)
        {
            Dictionary<int, int> split = [];
            foreach (var home in group.Homes)
            {
                var before = AtomOf(home);
                if (!split.TryGetValue(before, out var atom))
                {
                    split.Add(before, atom = _sizes.Count);
                    _sizes.Add(0);
                }

                if (before >= 0) _sizes[before]--;
                _sizes[atom]++;
                _atomOf[home] = atom;
            }
        }
    }

    /// <summary>True if some set is smaller for those who know their own homes and have been shown more groups.</summary>
    public bool AnySmaller(int size, IReadOnlySet<HouseholdId> own, IEnumerable<ReleasedGroup> more)
    {
        var parts = more.SelectMany((group, i) => group.Homes.Where(h => !own.Contains(h)).Select(home => (Home: home, Group: i)))
            .GroupBy(m => m.Home, m => m.Group)
            .GroupBy(home => (Atom: AtomOf(home.Key), In: string.Join(',', home)))
            .Select(part => (part.Key.Atom, Homes: part.Count())).ToList();
        if (parts.Exists(p => p.Homes < size)) return true;
        var taken = parts.Concat(own.Select(h => (Atom: AtomOf(h), Homes: 1))).GroupBy(p => p.Atom, p => p.Homes).ToDictionary(p => p.Key, p => p.Sum());
        return _sizes.Index().Any(atom => atom.Item - taken.GetValueOrDefault(atom.Index) is var left && left > 0 && left < size);
    }

    /// <returns>-1 for homes in no group.</returns>
    public int AtomOf(HouseholdId home) => _atomOf.GetValueOrDefault(home, -1);
}
