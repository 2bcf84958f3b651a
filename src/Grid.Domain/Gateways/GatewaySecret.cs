using System.Security.Cryptography;
using System.Text;

namespace Grid.Domain;

/// <summary>
/// A gateway's secret: 160 random bits, shown once, kept only as a SHA-256. A slow password hash would protect nothing more
/// at that entropy, and would turn a reconnect storm of 10,000 gateways into minutes.
/// </summary>
public static class GatewaySecret
{
    public const int Bits = 160;

    public static string Generate() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bits / 8));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Compares in constant time.</summary>
    public static bool Matches(ReadOnlySpan<byte> hash, string secret) => CryptographicOperations.FixedTimeEquals(hash, Hash(secret));
}
