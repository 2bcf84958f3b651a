using Grid.Domain;

namespace Grid.Ingest;

/// <summary>One message as the door let it through: what is committed before its PUBACK and settled after.</summary>
/// <param name="Epoch">Null, like <paramref name="Seq"/>, where the message could not be read that far.</param>
/// <param name="UnknownMembers">For the counter, like <paramref name="DroppedGroups"/>; not committed.</param>
/// <param name="Withheld">Readings that a household does not let us keep: counted, and nothing else.</param>
internal sealed record JournalEntry(
    GatewayName Gateway,
    Instant ReceivedAt,
    long? Epoch,
    long? Seq,
    IReadOnlyList<Reading> Readings,
    MeterEvent? Event,
    IReadOnlyList<QuarantinedItem> Refused,
    int UnknownMembers = 0,
    int DroppedGroups = 0,
    int Withheld = 0)
{
    /// <summary>Readings, and messages that could not be split, that go into the journal.</summary>
    public int Items => Readings.Count + Refused.Count;
}

/// <summary>A commit group as read back.</summary>
internal sealed record JournalGroup(long Number, IReadOnlyList<JournalEntry> Entries)
{
    public int Items { get; } = Entries.Sum(e => e.Items);
}
