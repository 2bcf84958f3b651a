using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grid.IntegrationTests.Servers;

/// <summary>A certificate authority that lives as long as its test, with its PEM files in a directory of its own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-authority-");
    private readonly X509Certificate2 _root;
    private int _issued;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Authority of a test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        _root = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
        File = Path.Combine(_folder.FullName, "authority.pem");
        System.IO.File.WriteAllText(File, _root.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate.</summary>
    public string File { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A certificate for a server on loopback.</summary>
    public (string Certificate, string Key) ForServer() => Write(Issue("CN=localhost", ServerUse, Now.AddDays(1), names =>
    {
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
    }));

    /// <summary>A certificate for a client of that name.</summary>
    public X509Certificate2 ForClient(string name, TimeSpan? validFor = null) => Issue($"CN={name}", ClientUse, Now + (validFor ?? TimeSpan.FromDays(1)), null);

    public (string Certificate, string Key) Write(X509Certificate2 certificate)
    {
        var name = Path.Combine(_folder.FullName, $"{Interlocked.Increment(ref _issued)}");
        System.IO.File.WriteAllText(name + ".pem", certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        System.IO.File.WriteAllText(name + ".key", key.ExportPkcs8PrivateKeyPem());
        return (name + ".pem", name + ".key");
    }

    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    private X509Certificate2 Issue(string subject, Oid use, DateTimeOffset until, Action<SubjectAlternativeNameBuilder>? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([use], critical: false));
        if (names is not null)
        {
            SubjectAlternativeNameBuilder builder = new();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }

        using var bare = request.Create(_root, Now.AddDays(-1), until, RandomNumberGenerator.GetBytes(16));
        using var withKey = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
