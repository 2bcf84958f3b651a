namespace Grid.Wire;

/// <summary>A column of a file that people hand in.</summary>
/// <param name="Name">In CSV.</param>
/// <param name="JsonName">In JSON.</param>
/// <param name="Optional">True if the column may be left out.</param>
public sealed record FileColumn(string Name, string JsonName, string Explanation, bool Optional = false);
