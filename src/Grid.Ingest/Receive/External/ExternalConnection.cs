using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;

namespace Grid.Ingest;

/// <summary>How Grid connects to an external broker. Made anew for each attempt, so that changed certificates are read.</summary>
internal static class ExternalConnection
{
    /// <summary>For an answer. MQTTnet's own time-out does not hold where a token can be cancelled: a broker that accepts and says no more would be waited for for ever.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>A session that the broker keeps, with what it has not been acknowledged.</summary>
    public static MqttClientOptions Ingest(BrokerOptions options) => Common(options)
        .WithTcpServer(tcp => tcp.BufferSize = 1 << 20) // the default of 8 KiB collapses under a backlog
        .WithClientId(options.ClientId)
        .WithCleanStart(false)
        .WithSessionExpiryInterval(uint.MaxValue)
        .WithReceiveMaximum(2_000) // no maximum packet size: the broker would drop what is larger without a word
        .Build();

    public static MqttClientOptions Mail(BrokerOptions options) => Common(options).WithClientId($"{options.ClientId}-mail").Build();

    private static MqttClientOptionsBuilder Common(BrokerOptions options)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(options.Host, options.Port)
            .WithCredentials(options.User, options.Password)
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500);
        return options.Tls ? builder.WithTlsOptions(tls => Secure(tls, options)) : builder;
    }

    private static void Secure(MqttClientTlsOptionsBuilder tls, BrokerOptions options)
    {
        tls.UseTls().WithTargetHost(options.Host).WithSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13);
        if (options.TrustedAuthority.Length > 0) tls.WithTrustChain(Pem.All(options.TrustedAuthority)).WithRevocationMode(X509RevocationMode.NoCheck);
        if (options.Certificate.Length > 0) tls.WithClientCertificates([Pem.WithKey(options.Certificate, options.CertificateKey)]);
    }
}
