using Grid.IntegrationTests;
using Grid.IntegrationTests.Pipeline;
using Grid.IntegrationTests.Privacy;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Grid.IntegrationTests;

/// <summary>Classes that take minutes begin first: one that begins last keeps a core busy while the other has nothing left.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Long =
    [
        typeof(PeriodsTests), typeof(KillTests), typeof(CampaignsCommandTests), typeof(TeamAndEventCommandTests), typeof(RealHouseholdsTests), typeof(TwoNodesTests), typeof(CommandTests),
        typeof(IsolationTests), typeof(CorrectionsTests), typeof(BackupTests), typeof(ReplayedQuarantineTests), typeof(RetentionTests), typeof(BrokerLinkTests), typeof(TwoJobNodesTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(c => PlaceOf(c.TestCollectionDisplayName))];

    private static int PlaceOf(string collection) => Array.FindIndex(Long, type => collection.Contains(type.FullName!, StringComparison.Ordinal)) is >= 0 and var place ? place : Long.Length;
}
