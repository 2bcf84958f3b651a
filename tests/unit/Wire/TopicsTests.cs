using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire;

public class TopicsTests
{
    [Theory]
    [CombinatorialTopics]
    public void A_topic_is_read_as_it_was_written(TopicKind kind)
    {
        Topics.TryParse(Topics.Of(GatewayName.Parse("gw-01"), kind), out var gateway, out var read).Should().BeTrue();

        gateway.Value.Should().Be("gw-01");
        read.Should().Be(kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("grid/v1/gw-01")]
    [InlineData("grid/v2/gw-01/readings")]
    [InlineData("grid/v1/gw-01/readings/")]
    [InlineData("grid/v1/gw-01/readings/x")]
    [InlineData("grid/v1/GW-01/readings")]
    [InlineData("grid/v1/+/readings")]
    [InlineData("grid/v1/gw/readings")]
    [InlineData("grid/v1/gw-01/Readings")]
    [InlineData("/grid/v1/gw-01/readings")]
    [InlineData("grid/v1/gw-01\n/readings")]
    public void Another_topic_is_none_of_ours(string topic) => Topics.TryParse(topic, out _, out _).Should().BeFalse();

    private sealed class CombinatorialTopicsAttribute : Xunit.v3.DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
            new([.. Enum.GetValues<TopicKind>().Select(kind => new TheoryDataRow(kind))]);

        public override bool SupportsDiscoveryEnumeration() => true;
    }
}
