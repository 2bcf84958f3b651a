namespace Grid.Domain;

/// <summary>Who was shown something (METHOD.md rule 3.5): everybody, a home's residents, or operators.</summary>
public readonly record struct ShownTo
{
    private readonly string? _name;

    private ShownTo(string name) => _name = name;

    public static ShownTo Everybody { get; }

    /// <summary>Sums and means. Operators are shown what everybody is, too.</summary>
    public static ShownTo Operators { get; } = new("(operators)");

    /// <summary>Operators, but the difference between these homes and others, which is no sum (METHOD.md rule 6.10).</summary>
    public static ShownTo Treated { get; } = new("(treated)");

    /// <summary>The others.</summary>
    public static ShownTo Control { get; } = new("(control)");

    /// <summary>A team of homes, by operators (METHOD.md rule 6.8).</summary>
    public static ShownTo Teams { get; } = new("(teams)");

    /// <summary>Whose residents were shown it; null where it was no home's.</summary>
    public HouseholdId? Household => HouseholdId.TryParse(_name, out var home) ? home : null;

    /// <summary>Empty for everybody; in brackets, which no household's id has, or the household's id.</summary>
    public string Name => _name ?? "";

    public static ShownTo Parse(string name) => name.Length == 0 ? Everybody : new(name);

    public static implicit operator ShownTo(HouseholdId home) => new(home.Value);

    public override string ToString() => this == Everybody ? "everybody" : Name;
}
