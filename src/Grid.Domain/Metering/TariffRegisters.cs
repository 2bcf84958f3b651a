using System.Collections.Immutable;
using System.Globalization;

namespace Grid.Domain;

/// <summary>
/// Import registers by tariff period, such as <c>hc</c> and <c>hp</c>, in watt-hours. At most <see cref="MaxCount"/>;
/// two are equal when they hold the same names and values in whatever order.
/// </summary>
public sealed class TariffRegisters : IEquatable<TariffRegisters>
{
    public const int MaxCount = 16;

    private readonly ImmutableArray<(string Name, long Wh)> _byName;

    /// <exception cref="ArgumentException">Too many, a bad or repeated name, or a value outside 0 to <see cref="Registers.MaxWh"/>.</exception>
    public TariffRegisters(IEnumerable<(string Name, long Wh)> registers)
    {
        _byName = [.. registers.OrderBy(r => r.Name, StringComparer.Ordinal)];
        if (_byName.Length is 0 or > MaxCount) throw new ArgumentException($"1 to {MaxCount} tariff registers.", nameof(registers));
        for (var i = 0; i < _byName.Length; i++)
        {
            var (name, wh) = _byName[i];
            if (!Identifier.IsValid(name) || (i > 0 && string.Equals(name, _byName[i - 1].Name, StringComparison.Ordinal)))
                throw new ArgumentException($"'{name}' is no tariff name, or stands twice.", nameof(registers));
            if (wh is < 0 or > Registers.MaxWh) throw new ArgumentException($"Tariff '{name}' is out of range.", nameof(registers));
        }
    }

    public ImmutableArray<(string Name, long Wh)> ByName => _byName;

    public static bool operator ==(TariffRegisters? a, TariffRegisters? b) => a is null ? b is null : a.Equals(b);

    public static bool operator !=(TariffRegisters? a, TariffRegisters? b) => !(a == b);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static TariffRegisters Parse(string text) =>
        new(text.Split(',').Select(pair => pair.Split('=')).Select(p => (p[0], long.Parse(p[1], CultureInfo.InvariantCulture))));

    public bool Equals(TariffRegisters? other) => other is not null && _byName.AsSpan().SequenceEqual(other._byName.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as TariffRegisters);

    public override int GetHashCode() => _byName.Aggregate(17, HashCode.Combine);

    /// <summary><c>hc=4100200,hp=6134367</c>.</summary>
    public override string ToString() => string.Join(',', _byName.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Name}={r.Wh}")));
}
