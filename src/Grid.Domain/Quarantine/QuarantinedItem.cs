using System.Security.Cryptography;

namespace Grid.Domain;

/// <summary>A message, or one reading of it, that was refused.</summary>
/// <param name="Id">Names the item for good, so that recording it twice leaves one.</param>
/// <param name="Detail">What exactly, in a few words; never the household's data.</param>
/// <param name="Sha256">Of the whole item as it came, in lower-case hex.</param>
/// <param name="Body">At most its first <see cref="MaxBodyBytes"/> bytes; empty where it was not kept.</param>
public sealed record QuarantinedItem(
    string Id, Instant ReceivedAt, GatewayName Gateway, string Topic, MeterName? Meter, Instant? At, Reason Reason, string Detail, string Sha256, byte[] Body)
{
    public const int MaxBodyBytes = 4096;

    /// <summary>When an operator last asked to have it go through ingest again; null if never.</summary>
    public Instant? ReplayAskedAt { get; init; }

    /// <summary>When it had gone through again, whatever became of it; null while that was not asked or is not done.</summary>
    public Instant? ReplayedAt { get; init; }

    /// <summary>True if the body is all that came: only then can the item go through ingest again.</summary>
    public bool IsWhole => string.Equals(Convert.ToHexStringLower(SHA256.HashData(Body)), Sha256, StringComparison.Ordinal);
}
