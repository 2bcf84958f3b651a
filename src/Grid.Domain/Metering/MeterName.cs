namespace Grid.Domain;

/// <summary>The name of one meter, as the registry and the wire spell it. See <see cref="Identifier"/> for what may stand in it.</summary>
public readonly record struct MeterName : IComparable<MeterName>
{
    private MeterName(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="FormatException">The text is no identifier.</exception>
    public static MeterName Parse(string? text) => new(Identifier.Require(text, "meter name"));

    public static bool TryParse(string? text, out MeterName name)
    {
        name = Identifier.IsValid(text) ? new(text) : default;
        return name.Value is not null;
    }

    public int CompareTo(MeterName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
