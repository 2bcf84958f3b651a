using System.Text.RegularExpressions;

namespace Grid.Domain;

/// <summary>A metering gateway's name, which is also its client id, its user name and its level in every topic: <c>[a-z0-9-]{3,32}</c>.</summary>
public readonly partial record struct GatewayName : IComparable<GatewayName>
{
    private GatewayName(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, out GatewayName name)
    {
        name = text is not null && Pattern().IsMatch(text) ? new(text) : default;
        return name.Value is not null;
    }

    /// <exception cref="FormatException">The text is no gateway name.</exception>
    public static GatewayName Parse(string? text) => TryParse(text, out var name)
        ? name
        : throw new FormatException($"'{text}' is no gateway name: 3 to 32 of a-z, 0-9 and '-' are.");

    public int CompareTo(GatewayName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z0-9-]{3,32}\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Pattern();
}
