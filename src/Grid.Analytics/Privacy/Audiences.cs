using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Who there is to show something to, with what they were shown (METHOD.md rule 3.5).</summary>
public sealed class Audiences
{
    private readonly List<ReleasedGroup> _forAll = [];
    private readonly List<ReleasedGroup> _forOperators = [];
    private readonly List<ReleasedGroup> _treated = [];
    private readonly List<ReleasedGroup> _control = [];
    private readonly Dictionary<HouseholdId, List<ReleasedGroup>> _forHomes = [];
    private readonly IReadOnlyList<IReadOnlySet<HouseholdId>> _shared;

    /// <param name="shown">The ledger of the days in question.</param>
    /// <param name="shared">The households of each account that has more than one.</param>
    public Audiences(IEnumerable<ShownGroup> shown, IReadOnlyList<IReadOnlySet<HouseholdId>> shared)
    {
        _shared = shared;
        foreach (var group in shown) Add(group);
    }

    /// <summary>What everybody was shown.</summary>
    public IReadOnlyList<ReleasedGroup> ForAll => _forAll;

    /// <summary>The homes whose difference to <see cref="Control"/> operators were shown.</summary>
    public IReadOnlyList<ReleasedGroup> Treated => _treated;

    public IReadOnlyList<ReleasedGroup> Control => _control;

    /// <summary>Those who run the grid: they know no home, and what they were shown.</summary>
    public Audience Operators => new(new HashSet<HouseholdId>(), _forOperators);

    /// <summary>Those who see what a home's residents are shown: they, and accounts that have the home beside others.</summary>
    public IReadOnlyList<Audience> Of(HouseholdId home) => [AudienceOf(new HashSet<HouseholdId> { home }), .. _shared.Where(s => s.Contains(home)).Select(AudienceOf)];

    /// <summary>All who see what everybody is shown; operators stand for the public too, that knows less.</summary>
    public IReadOnlyList<Audience> Everybody(IEnumerable<HouseholdId> homes) =>
        [Operators, .. homes.Select(h => AudienceOf(new HashSet<HouseholdId> { h })), .. _shared.Select(AudienceOf)];

    public void Add(ShownGroup shown)
    {
        if (shown.Audience == ShownTo.Everybody) _forAll.Add(shown.Group);
        else if (shown.Audience == ShownTo.Operators) _forOperators.Add(shown.Group);
        else if (shown.Audience == ShownTo.Treated) _treated.Add(shown.Group);
        else if (shown.Audience == ShownTo.Control) _control.Add(shown.Group);
        else if (shown.Audience.Household is not { } home) return;
        else if (_forHomes.TryGetValue(home, out var groups)) groups.Add(shown.Group);
        else _forHomes.Add(home, [shown.Group]);
    }

    private Audience AudienceOf(IReadOnlySet<HouseholdId> own) => new(own, [.. own.SelectMany(h => _forHomes.GetValueOrDefault(h) ?? [])]);
}
