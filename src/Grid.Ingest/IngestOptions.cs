namespace Grid.Ingest;

/// <summary>The bounds of what ingest takes and keeps: section <c>Grid:Ingest</c>.</summary>
public sealed class IngestOptions
{
    /// <summary>Readings older than this are quarantined. Raise it where history is loaded.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(45);

    /// <summary>Readings further ahead of our clock than this are quarantined.</summary>
    public TimeSpan MaxFuture { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>While the journal's oldest entry is older than this, nothing more is taken.</summary>
    public TimeSpan JournalMaxAge { get; set; } = TimeSpan.FromHours(72);

    /// <summary>While the journal holds more than this, nothing more is taken.</summary>
    public long JournalMaxBytes { get; set; } = 4L << 30;

    /// <summary>A number that has not come although what was received so much later is settled is missing, and asked for.</summary>
    public TimeSpan ReorderWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The least time between two <c>ack</c>s to one gateway.</summary>
    public TimeSpan AckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Refused items that a gateway's quarantine keeps with their bodies. Older ones keep their hash, and ten times as many are kept at all.</summary>
    public int QuarantineMaxItems { get; set; } = 10_000;

    public IEnumerable<string> Faults()
    {
        if (QuarantineMaxItems is < 1 or > 10_000_000) yield return "Grid:Ingest:QuarantineMaxItems must be between 1 and 10000000.";
        if (MaxAge < TimeSpan.FromMinutes(1) || MaxAge > TimeSpan.FromDays(36_525))
            yield return "Grid:Ingest:MaxAge must be between 00:01:00 and 36525.00:00:00; 45 days is written 45.00:00:00.";
        if (MaxFuture < TimeSpan.Zero || MaxFuture > TimeSpan.FromDays(1)) yield return "Grid:Ingest:MaxFuture must be between 00:00:00 and 1.00:00:00.";
        if (JournalMaxAge < TimeSpan.FromMinutes(1)) yield return "Grid:Ingest:JournalMaxAge must be at least 00:01:00.";
        if (ReorderWindow < TimeSpan.Zero || ReorderWindow > TimeSpan.FromDays(1)) yield return "Grid:Ingest:ReorderWindow must be between 00:00:00 and 1.00:00:00.";
        if (AckInterval < TimeSpan.Zero || AckInterval > TimeSpan.FromHours(1)) yield return "Grid:Ingest:AckInterval must be between 00:00:00 and 01:00:00.";
        if (JournalMaxBytes < 1 << 20) yield return "Grid:Ingest:JournalMaxBytes must be at least 1048576.";
    }
}
