using System.Net.Sockets;
using Grid.Storage;
using Npgsql;

namespace Grid.UnitTests.Storage;

public class PostgresFaultTests
{
    [Theory]
    [InlineData("28P01", true)]
    [InlineData("3D000", true)]
    [InlineData("42501", true)]
    [InlineData("53300", false)]
    [InlineData("57P03", false)]
    public void What_keeps_Grid_out_names_its_setting(string state, bool isOfConfiguration)
    {
        var fault = PostgresFault.Of(new InvalidOperationException("transient?", new PostgresException("it said so", "FATAL", "FATAL", state)))!;

        fault.IsOfConfiguration.Should().Be(isOfConfiguration);
        fault.Sentence.Should().Contain("it said so").And.Contain("Grid:Registry:ConnectionString");
    }

    [Fact]
    public void A_server_that_is_not_there_is_no_fault_of_the_configuration_alone() =>
        PostgresFault.Of(new NpgsqlException("Failed to connect to 127.0.0.1:1", new SocketException(111)))!.IsOfConfiguration.Should().BeFalse();

    [Fact]
    public void A_fault_of_Grids_own_stays_one()
    {
        PostgresFault.Of(new PostgresException("duplicate key", "ERROR", "ERROR", "23505")).Should().BeNull();
        PostgresFault.Of(new InvalidOperationException("a bug")).Should().BeNull();
    }
}
