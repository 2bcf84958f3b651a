namespace Grid.Server;

internal static class Counted
{
    /// <summary><c>1 meter</c>, <c>2 meters</c>.</summary>
    public static string Of(int count, string noun) => FormattableString.Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");
}
