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
    [InlineData("Roles", "broker", "Grid:Roles has broker without ingest")]
    [InlineData("Registry:ConnectionString", "Host=db;Prt=5432", "Grid:Registry:ConnectionString cannot be read*", "Registry:Kind", "PostgreSql")]
    [InlineData("Roles", "broker,ingest", "Grid:Roles has broker, but Grid:Broker:Kind is External", "Broker:Kind", "External")]
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
    public void A_wrong_or_missing_value_stops_the_start_and_names_its_key(string key, string value, string named, string other = "DataDirectory", string otherValue = "anywhere")
    {
        var act = () => From(("Grid:" + key, value), ("Grid:" + other, otherValue));

        act.Should().Throw<BadConfigurationException>().WithMessage($"*{named}*");
    }

    [Fact]
    public void With_an_external_broker_every_other_role_is_this_process_unless_said() =>
        Enum.GetValues<Role>().Where(External().Has).Should().Equal(Role.Ingest, Role.Jobs, Role.Portal);

    [Theory]
    [InlineData("Store:Url", "http://db.example:8086", "*Grid:Store:Url is plain http to db.example*Grid:Store:Password*")]
    [InlineData("Broker:Host", "broker.example", "*Grid:Broker:Tls is false for broker.example*")]
    public void A_password_that_can_be_read_on_the_way_is_warned_of(string key, string value, string said) =>
        External(("Grid:" + key, value)).Warnings().Should().ContainSingle().Which.Should().Match(said);

    [Theory]
    [InlineData("Store:Url", "https://db.example:8086")]
    [InlineData("Store:Url", "http://[::1]:8086")]
    public void Nobody_reads_along_by_TLS_or_on_this_machine(string key, string value) => External(("Grid:" + key, value)).Warnings().Should().BeEmpty();

    private static GridOptions External(params (string Key, string Value)[] settings) => From([
        ("Grid:Broker:Kind", "External"), ("Grid:Broker:User", "u"), ("Grid:Broker:Password", "p"),
        ("Grid:Store:Kind", "InfluxDb"), ("Grid:Store:Url", "http://127.0.0.1:8086"), ("Grid:Store:User", "u"), ("Grid:Store:Password", "p"), .. settings]);

    private static GridOptions From(params (string Key, string Value)[] settings) =>
        GridOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings.GroupBy(s => s.Key, StringComparer.Ordinal).Select(s => KeyValuePair.Create(s.Key, (string?)s.Last().Value))).Build());
}
