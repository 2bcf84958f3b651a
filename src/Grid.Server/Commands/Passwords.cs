using System.Security.Cryptography;

namespace Grid.Server;

internal static class Passwords
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789"; // none that looks like another

    /// <summary>20 characters in four groups: 99 random bits, and still readable over the telephone.</summary>
    public static string Generate() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 5)));
}
