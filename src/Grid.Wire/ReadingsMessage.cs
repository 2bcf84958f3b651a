using Grid.Domain;

namespace Grid.Wire;

/// <summary>What a gateway sends on <c>readings</c>.</summary>
/// <param name="Epoch">1 or more; rises when the gateway lost its counter.</param>
/// <param name="Seq">1 or more, starting at 1 in each epoch.</param>
public sealed record ReadingsMessage(long Epoch, long Seq, IReadOnlyList<Reading> Readings);

/// <summary>A message of readings as decoded, whatever its format: what could be read of it, and what could not.</summary>
/// <param name="Epoch">Null, like <paramref name="Seq"/>, where the message does not say or could not be read that far.</param>
/// <param name="Fault">Why the message as a whole is refused; then it has no readings. Null if it is not.</param>
/// <param name="Faulty">Readings that are at fault on their own.</param>
/// <param name="UnknownMembers">Members that the contract does not have: ignored and counted.</param>
/// <param name="DroppedGroups">Groups of a meter's frame that were at fault: dropped, counted, never repaired.</param>
public sealed record DecodedReadings(
    long? Epoch, long? Seq, IReadOnlyList<Reading> Readings, Fault? Fault, IReadOnlyList<FaultyReading> Faulty, int UnknownMembers = 0, int DroppedGroups = 0)
{
    /// <summary>A message that is refused as a whole.</summary>
    public static DecodedReadings Refused(long? epoch, long? seq, Fault fault, int unknownMembers = 0, int droppedGroups = 0) =>
        new(epoch, seq, [], fault, [], unknownMembers, droppedGroups);
}

/// <param name="Index">Position among the message's readings.</param>
/// <param name="From">First byte of the reading in the payload.</param>
public sealed record FaultyReading(int Index, MeterName? Meter, Instant? At, Fault Fault, int From, int Length);
