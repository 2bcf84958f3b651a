namespace Grid.Faults;

internal static class AllRows
{
    public static IReadOnlyList<Row> InOrder { get; } = [
        new F01Kill(), new F02Failpoints(), new F03KillInRecovery(), new F05TornWrite(), new F06BitFlip(), new F08JournalDiskFull(), new F09StoreDiskFull(), new F12StoreAway(),
        new F24Duplicates(), new F25Order(), new F26Conflict(),
    ];
}
