namespace Grid.Domain;

/// <summary>A household's id, as imported: the one that addresses carry. See <see cref="Identifier"/>.</summary>
public readonly record struct HouseholdId : IComparable<HouseholdId>
{
    private HouseholdId(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="FormatException">The text is no identifier.</exception>
    public static HouseholdId Parse(string? text) => new(Identifier.Require(text, "household id"));

    public static bool TryParse(string? text, out HouseholdId id)
    {
        id = Identifier.IsValid(text) ? new(text) : default;
        return id.Value is not null;
    }

    public int CompareTo(HouseholdId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
