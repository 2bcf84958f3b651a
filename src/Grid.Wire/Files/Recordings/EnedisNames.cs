namespace Grid.Wire;

/// <summary>What an Enedis download says of its values.</summary>
internal enum EnedisFact
{
    Point = 1,
    Direction = 2,
    Unit = 3,
    Length = 4,
}

/// <summary>The names of an Enedis download's columns, with or without accents and in any encoding.</summary>
internal static class EnedisNames
{
    public const string Stamp = "Horodate";

    public const string Value = "Valeur";

    public static bool AreValues(string[] cells) => cells is [var stamp, var value, ..] && Plain(stamp) is "horodat" && Plain(value) is "valur";

    /// <summary>Null if the cell is none of the names that matter.</summary>
    public static EnedisFact? Find(string cell) => Plain(cell) switch
    {
        "idntifiantprm" or "prm" or "pdl" => EnedisFact.Point,
        "grandurmtir" => EnedisFact.Direction,
        "unit" => EnedisFact.Unit,
        "pas" or "pasnminuts" => EnedisFact.Length,
        _ => null,
    };

    public static string Of(EnedisFact fact) => fact switch
    {
        EnedisFact.Point => "Identifiant PRM",
        EnedisFact.Direction => "Grandeur metier",
        EnedisFact.Unit => "Unite",
        _ => "Pas en minutes",
    };

    public static bool AreFacts(string[] cells) => cells.Any(cell => Find(cell) is not null);

    // Only e bears accents in these names: without it they read alike in UTF-8, Windows-1252 and one taken for the other.
    private static string Plain(string cell) => string.Concat(cell.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) && c != 'e'));
}
