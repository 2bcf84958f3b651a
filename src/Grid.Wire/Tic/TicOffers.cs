namespace Grid.Wire;

/// <summary>The index groups of each offer of historique mode, and what their registers are called with us.</summary>
/// <param name="Code">How OPTARIF begins; Tempo's fourth character is whatever it is.</param>
/// <param name="Tariff">Null where the index is the whole import.</param>
internal sealed record TicOffer(string Code, params IReadOnlyList<(string Label, string? Tariff)> Indexes)
{
    public static readonly IReadOnlyList<TicOffer> All =
    [
        new("BASE", ("BASE", null)),
        new("HC..", ("HCHC", "hc"), ("HCHP", "hp")),
        new("EJP.", ("EJPHN", "ejp-hn"), ("EJPHPM", "ejp-pm")),
        new("BBR", ("BBRHCJB", "hc-blue"), ("BBRHPJB", "hp-blue"), ("BBRHCJW", "hc-white"), ("BBRHPJW", "hp-white"),
            ("BBRHCJR", "hc-red"), ("BBRHPJR", "hp-red")),
    ];

    /// <summary>The offer that OPTARIF names; without a valid OPTARIF the only one that is there entirely.</summary>
    public static TicOffer? Of(TicFrame frame)
    {
        var named = frame.Find("OPTARIF") is { Value: var value } ? All.FirstOrDefault(o => value.StartsWith(o.Code, StringComparison.Ordinal)) : null;
        if (named is not null) return named;
        TicOffer[] entire = [.. All.Where(o => o.Indexes.All(i => frame.Find(i.Label) is not null))];
        return entire is [var only] ? only : null;
    }
}
