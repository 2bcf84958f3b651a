using Grid.Server;

namespace Grid.UnitTests.Server;

public sealed class KnownClientIdTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-client-id-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_node_that_is_renamed_knows_its_earlier_name_once()
    {
        KnownClientId.Replace(_folder.FullName, "grid-ingest-1").Should().BeNull("it is new");
        KnownClientId.Replace(_folder.FullName, "grid-ingest-1").Should().BeNull();

        KnownClientId.Replace(_folder.FullName, "north").Should().Be("grid-ingest-1");

        KnownClientId.Replace(_folder.FullName, "north").Should().BeNull();
    }
}
