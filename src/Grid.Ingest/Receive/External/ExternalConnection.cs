using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;

namespace Grid.Ingest;

/// <summary>How ingest connects to an external broker. Made anew for each attempt, so that changed certificates are read.</summary>
internal static class ExternalConnection
{
    public static MqttClientOptions Options(BrokerOptions options)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(options.Host, options.Port)
            .WithTcpServer(tcp => tcp.BufferSize = 1 << 20) // the default of 8 KiB collapses under a backlog
            .WithClientId(options.ClientId)
            .WithCredentials(options.User, options.Password)
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500)
            .WithCleanStart(false)
            .WithSessionExpiryInterval(uint.MaxValue)
            .WithReceiveMaximum(2_000); // no maximum packet size: the broker would drop what is larger without a word
        return (options.Tls ? builder.WithTlsOptions(tls => Secure(tls, options)) : builder).Build();
    }

    private static void Secure(MqttClientTlsOptionsBuilder tls, BrokerOptions options)
    {
        tls.UseTls().WithTargetHost(options.Host).WithSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13);
        if (options.TrustedAuthority.Length > 0) tls.WithTrustChain(Pem.All(options.TrustedAuthority)).WithRevocationMode(X509RevocationMode.NoCheck);
        if (options.Certificate.Length > 0) tls.WithClientCertificates([Pem.WithKey(options.Certificate, options.CertificateKey)]);
    }
}
