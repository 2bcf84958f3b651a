using Grid.Ingest;

namespace Grid.UnitTests.Ingest.Receive;

public class DescriptorsTests
{
    [Theory]
    [InlineData("Max open files            1024                 524288               files", 768)]
    [InlineData("Max open files            100                  524288               files", 1)]
    [InlineData("Max open files            unlimited            unlimited            files", long.MaxValue)]
    [InlineData("Max processes             7                    7                    processes", long.MaxValue)]
    public void Connections_leave_descriptors_to_the_rest_of_the_process(string limit, long highest) =>
        Descriptors.HighestForConnections(["Limit                     Soft Limit           Hard Limit           Units", limit]).Should().Be(highest);
}
