namespace Grid.Faults;

internal static class AllRows
{
    public static IReadOnlyList<Row> InOrder { get; } = [
        new F01Kill(), new F02Failpoints(), new F03KillInRecovery(), new F04PowerCut(), new F05TornWrite(), new F06BitFlip(), new F07FsyncFails(), new F08JournalDiskFull(), new F09StoreDiskFull(), new F10Descriptors(), new F11Memory(), new F12StoreAway(),
        new F13StoreMisbehaves(), new F14LateAnswer(), new F15PartialWrite(), new F16StoreWiped(), new F17MosquittoKilled(), new F18MosquittoRestarts(), new F19IngestDown(), new F20Poison(), new F21Link(), new F22Slow(), new F23Storm(),
        new F24Duplicates(), new F25Order(), new F26Conflict(), new F27GatewayClock(), new F28ServerClock(), new F29Registers(), new F32RegistryDown(), new F34Rogue(), new F37Credentials(), new F38QuarantineFull(), new F39Stop(),
    ];
}
