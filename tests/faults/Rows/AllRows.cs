namespace Grid.Faults;

internal static class AllRows
{
    public static IReadOnlyList<Row> InOrder { get; } = [new F01Kill()];
}
