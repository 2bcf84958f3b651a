using Grid.Ingest;

namespace Grid.UnitTests.Ingest.Receive;

public class BrokerOptionsTests
{
    [Fact]
    public void The_embedded_broker_listens_beyond_loopback_by_TLS_only() =>
        Faults(o => o.Host = "0.0.0.0").Should().ContainSingle().Which.Should().StartWith("Grid:Broker:Host must be a loopback address");

    [Fact]
    public void TLS_needs_a_certificate() => Faults(o => o.Tls = true).Should().ContainSingle().Which.Should().StartWith("Grid:Broker:Certificate is missing");

    [Theory]
    [InlineData("Certificate")]
    [InlineData("CertificateKey")]
    [InlineData("ClientCertificateAuthority")]
    public void A_certificate_without_TLS_is_no_protection_and_said_so(string key) =>
        Faults(o => typeof(BrokerOptions).GetProperty(key)!.SetValue(o, "some.pem")).Should().ContainSingle().Which.Should().StartWith($"Grid:Broker:{key} is for TLS");

    [Theory]
    [InlineData("Certificate")]
    [InlineData("ClientCertificateAuthority")]
    public void A_file_that_cannot_be_read_is_named_with_its_key(string key) =>
        Faults(o =>
        {
            o.Tls = true;
            typeof(BrokerOptions).GetProperty(key)!.SetValue(o, "/nowhere/some.pem");
        }).Should().ContainSingle(fault => fault.StartsWith($"Grid:Broker:{key} cannot be used", StringComparison.Ordinal)).Which.Should().Contain("/nowhere/some.pem");

    [Fact]
    public void A_certificate_alone_needs_an_authority() => Faults(o => o.CertificateAlone = true).Should().ContainSingle().Which.Should().Contain("Grid:Broker:CertificateAlone");

    [Fact]
    public void An_external_broker_checks_its_gateways_itself() => Faults(o =>
    {
        (o.Kind, o.User, o.Password, o.CertificateAlone) = (BrokerKind.External, "u", "p", true);
    }).Should().ContainSingle().Which.Should().Contain("Grid:Broker:ClientCertificateAuthority");

    [Theory]
    [InlineData(0, 1_000, "MaxConnections")]
    [InlineData(12_000, 0, "MaxPacketsPerSecond")]
    public void Bounds_have_bounds(int connections, int packets, string key) =>
        Faults(o => (o.MaxConnections, o.MaxPacketsPerSecond) = (connections, packets)).Should().ContainSingle().Which.Should().Contain($"Grid:Broker:{key}");

    private static IEnumerable<string> Faults(Action<BrokerOptions> set)
    {
        BrokerOptions options = new();
        set(options);
        return options.Faults();
    }
}
