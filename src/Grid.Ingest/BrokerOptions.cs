using System.Net;

namespace Grid.Ingest;

/// <summary>The MQTT broker: section <c>Grid:Broker</c>.</summary>
public sealed class BrokerOptions
{
    public BrokerKind Kind { get; set; } = BrokerKind.Embedded;

    /// <summary>External: where the broker is. Embedded: the address to listen on, loopback unless <see cref="Tls"/>.</summary>
    public string Host { get; set; } = "127.0.0.1";

    public int Port { get; set; } = 1883;

    /// <summary>TLS 1.2 or later, and nothing else on that port.</summary>
    public bool Tls { get; set; }

    /// <summary>A PEM file. Embedded: what the broker shows, followed by the authorities between it and a root. External: what ingest shows, if anything.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>A PEM file with the private key; the certificate's own file unless said.</summary>
    public string CertificateKey { get; set; } = "";

    /// <summary>Embedded only: a PEM file. If set, a gateway must show a certificate of one of these authorities, made out to its name.</summary>
    public string ClientCertificateAuthority { get; set; } = "";

    /// <summary>Embedded only: with its certificate a gateway may leave out its secret; it must have one in the registry all the same.</summary>
    public bool CertificateAlone { get; set; }

    /// <summary>External only: a PEM file with the only authorities to trust; those of the system unless said.</summary>
    public string TrustedAuthority { get; set; } = "";

    /// <summary>External only: ingest's own account there.</summary>
    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>External only. Stable for each instance: the broker keeps what it has not acknowledged under this name.</summary>
    public string ClientId { get; set; } = "grid-ingest-1";

    /// <summary>Embedded only: connections at once; a further one is closed.</summary>
    public int MaxConnections { get; set; } = 12_000;

    /// <summary>Embedded only: packets a second from one gateway. Beyond, it waits for its PUBACK; nothing is dropped.</summary>
    public int MaxPacketsPerSecond { get; set; } = 1_000;

    public IEnumerable<string> Faults() => (Kind is BrokerKind.Embedded ? EmbeddedFaults() : ExternalFaults()).Concat(CommonFaults());

    private IEnumerable<string> CommonFaults()
    {
        if (Port is < 1 or > 65535) yield return "Grid:Broker:Port must be between 1 and 65535.";
        if (!Tls)
        {
            foreach (var (key, file) in Files())
                if (file.Length > 0) yield return $"Grid:Broker:{key} is for TLS: set Grid:Broker:Tls to true, or leave it out.";
            yield break;
        }

        if (Certificate.Length > 0)
            foreach (var fault in Pem.Faults($"Grid:Broker:{(CertificateKey.Length > 0 ? "Certificate or CertificateKey" : "Certificate")}", Certificate, f => Pem.WithKey(f, CertificateKey).Dispose())) yield return fault;
        else if (CertificateKey.Length > 0) yield return "Grid:Broker:CertificateKey needs Grid:Broker:Certificate.";
        if (ClientCertificateAuthority.Length > 0)
            foreach (var fault in Pem.Faults("Grid:Broker:ClientCertificateAuthority", ClientCertificateAuthority, f => Pem.All(f))) yield return fault;
        if (TrustedAuthority.Length > 0)
            foreach (var fault in Pem.Faults("Grid:Broker:TrustedAuthority", TrustedAuthority, f => Pem.All(f))) yield return fault;
    }

    private IEnumerable<(string Key, string File)> Files() =>
    [
        (nameof(Certificate), Certificate), (nameof(CertificateKey), CertificateKey),
        (nameof(ClientCertificateAuthority), ClientCertificateAuthority), (nameof(TrustedAuthority), TrustedAuthority),
    ];

    private IEnumerable<string> EmbeddedFaults()
    {
        if (!IPAddress.TryParse(Host, out var address)) yield return "Grid:Broker:Host must be the address for the embedded broker to listen on, such as 127.0.0.1.";
        else if (!Tls && !IPAddress.IsLoopback(address)) yield return "Grid:Broker:Host must be a loopback address, such as 127.0.0.1, unless Grid:Broker:Tls is true: the embedded broker speaks plain MQTT.";
        if (Tls && Certificate.Length == 0) yield return "Grid:Broker:Certificate is missing: TLS needs a PEM file with the broker's certificate, and Grid:Broker:CertificateKey its key.";
        if (CertificateAlone && ClientCertificateAuthority.Length == 0) yield return "Grid:Broker:CertificateAlone needs Grid:Broker:ClientCertificateAuthority.";
        if (TrustedAuthority.Length > 0) yield return "Grid:Broker:TrustedAuthority is for an external broker; the authority of gateways is Grid:Broker:ClientCertificateAuthority.";
        if (MaxConnections is < 1 or > 1_000_000) yield return "Grid:Broker:MaxConnections must be between 1 and 1000000.";
        if (MaxPacketsPerSecond is < 1 or > 1_000_000) yield return "Grid:Broker:MaxPacketsPerSecond must be between 1 and 1000000.";
    }

    private IEnumerable<string> ExternalFaults()
    {
        if (Host.Length == 0) yield return "Grid:Broker:Host must name the external broker.";
        if (User.Length == 0) yield return "Grid:Broker:User must name ingest's account at the external broker.";
        if (Password.Length == 0) yield return "Grid:Broker:Password is missing for the external broker.";
        if (ClientId.Length == 0) yield return "Grid:Broker:ClientId must be a stable name for this instance.";
        if (ClientCertificateAuthority.Length > 0 || CertificateAlone)
            yield return "Grid:Broker:ClientCertificateAuthority and CertificateAlone are for the embedded broker; an external one checks its gateways itself.";
    }
}

public enum BrokerKind
{
    Embedded = 1,
    External = 2,
}
