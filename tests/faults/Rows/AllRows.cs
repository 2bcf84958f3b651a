namespace Grid.Faults;

internal static class AllRows
{
    public static IReadOnlyList<Row> InOrder { get; } = [new F01Kill(), new F02Failpoints(), new F24Duplicates(), new F25Order(), new F26Conflict()];
}
