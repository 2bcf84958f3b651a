using Grid.Server;
using Microsoft.Extensions.Configuration;

namespace Grid.UnitTests.Server;

public class GridOptionsTests
{
    [Fact]
    public void Without_configuration_everything_is_embedded_and_on_loopback()
    {
        var options = From();

        Enum.GetValues<Role>().Should().OnlyContain(role => options.Has(role));
        options.Url.Should().Be("http://localhost:8080");
    }

    [Theory]
    [InlineData("Roles", "broker,cook", "Grid:Roles")]
    [InlineData("Roles", "ingest", "Grid:Broker:Kind")]
    [InlineData("Url", "http://0.0.0.0:8080", "Grid:Url")]
    [InlineData("Broker:Kind", "Rabbit", "Grid:Broker:Kind")]
    [InlineData("Store:Kind", "Influx", "Grid:Store:Kind*Use Embedded or InfluxDb.")]
    [InlineData("Broker:Port", "0", "Grid:Broker:Port")]
    [InlineData("Broker:Host", "0.0.0.0", "Grid:Broker:Host")]
    [InlineData("Broker:Kind", "External", "Grid:Broker:User")]
    [InlineData("Store:Kind", "InfluxDb", "Grid:Store:Url")]
    [InlineData("Registry:Kind", "PostgreSql", "Grid:Registry:ConnectionString")]
    [InlineData("Ingest:MaxAge", "soon", "Grid:Ingest:MaxAge")]
    [InlineData("Ingest:MaxAge", "00:00:01", "Grid:Ingest:MaxAge")]
    [InlineData("Ingest:JournalMaxBytes", "1", "Grid:Ingest:JournalMaxBytes")]
    [InlineData("Jobs:KeepReadings", "0", "Grid:Jobs:KeepReadings")]
    [InlineData("Stor:Kind", "Embedded", "Stor")]
    public void A_wrong_or_missing_value_stops_the_start_and_names_its_key(string key, string value, string named)
    {
        var act = () => From(("Grid:" + key, value));

        act.Should().Throw<BadConfigurationException>().WithMessage($"*{named}*");
    }

    private static GridOptions From(params (string Key, string Value)[] settings) =>
        GridOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
}
