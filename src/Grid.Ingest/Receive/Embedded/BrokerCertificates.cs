using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grid.Domain;
using Microsoft.Extensions.Logging;

namespace Grid.Ingest;

/// <summary>What the embedded broker shows and whom it trusts, read again when a file has changed; if that fails, what was read before goes on.</summary>
internal sealed partial class BrokerCertificates(BrokerOptions options, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly Lock _lock = new();
    private Read? _read;
    private long _looked;

    private sealed record Read(DateTime[] Written, SslStreamCertificateContext Shown, X509Certificate2Collection? Trusted);

    public SslServerAuthenticationOptions Handshake()
    {
        var read = Current();
        return new()
        {
            ServerCertificateContext = read.Shown,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            ClientCertificateRequired = read.Trusted is not null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck, // the registry revokes
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => read.Trusted is null
                || (certificate is X509Certificate2 shown
                    && Pem.IsTrusted(shown, read.Trusted, chain?.ChainPolicy.ExtraStore, ClientAuthentication, clock.GetUtcNow().UtcDateTime)),
        };
    }

    /// <summary>Its common name, or one of its DNS names, is the gateway's.</summary>
    public static bool IsMadeOutTo(X509Certificate2 certificate, GatewayName gateway) =>
        string.Equals(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), gateway.Value, StringComparison.Ordinal)
        || certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Any(names => names.EnumerateDnsNames().Contains(gateway.Value, StringComparer.Ordinal));

    private Read Current()
    {
        lock (_lock)
        {
            if (_read is not null && clock.GetElapsedTime(_looked) < LookAgain) return _read;
            _looked = clock.GetTimestamp();
            try
            {
                var written = Written();
                if (_read is null || !written.SequenceEqual(_read.Written)) _read = ReadAll(written);
            }
            catch (Exception failure) when (_read is not null)
            {
                Log.Unreadable(logger, failure);
            }

            return _read;
        }
    }

    private Read ReadAll(DateTime[] written)
    {
        using var read = Pem.WithKey(options.Certificate, options.CertificateKey);
        X509Certificate2Collection between = [.. Pem.All(options.Certificate).Skip(1)];
        var shown = SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null), between, offline: true);
        return new(written, shown, options.ClientCertificateAuthority.Length > 0 ? Pem.All(options.ClientCertificateAuthority) : null);
    }

    private DateTime[] Written() =>
        [.. new[] { options.Certificate, options.CertificateKey, options.ClientCertificateAuthority }.Where(f => f.Length > 0).Select(File.GetLastWriteTimeUtc)];

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Grid:Broker's certificates have changed and cannot be read; those read before go on.")]
        public static partial void Unreadable(ILogger logger, Exception failure);
    }
}
