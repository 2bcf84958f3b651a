using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Ingest;

/// <summary>Certificates from PEM files.</summary>
internal static class Pem
{
    /// <summary>The first certificate of a file with its private key, which may be in the same file.</summary>
    public static X509Certificate2 WithKey(string certificateFile, string keyFile) =>
        X509Certificate2.CreateFromPemFile(certificateFile, keyFile.Length > 0 ? keyFile : certificateFile);

    public static X509Certificate2Collection All(string file)
    {
        X509Certificate2Collection all = [];
        all.ImportFromPemFile(file);
        return all.Count > 0 ? all : throw new CryptographicException("it holds no certificate");
    }

    /// <summary>Signed by one of these authorities, in its time, and for that use.</summary>
    /// <param name="use">The extended key usage that a certificate must allow if it names any.</param>
    public static bool IsTrusted(X509Certificate2 certificate, X509Certificate2Collection authorities, X509Certificate2Collection? between, Oid use, DateTime at)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        if (between is not null) chain.ChainPolicy.ExtraStore.AddRange(between);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // the registry revokes
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(use);
        chain.ChainPolicy.VerificationTime = at;
        return chain.Build(certificate);
    }

    /// <summary>One sentence for each file that cannot be used.</summary>
    public static IEnumerable<string> Faults(string key, string file, Action<string> read)
    {
        string? fault = null;
        try
        {
            read(file);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            fault = $"{key} cannot be used: {failure.Message.TrimEnd('.')} ({file}).";
        }

        if (fault is not null) yield return fault;
    }
}
