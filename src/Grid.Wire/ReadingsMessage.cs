using Grid.Domain;

namespace Grid.Wire;

/// <summary>What a gateway sends on <c>readings</c>.</summary>
/// <param name="Epoch">1 or more; rises when the gateway lost its counter.</param>
/// <param name="Seq">1 or more, starting at 1 in each epoch.</param>
public sealed record ReadingsMessage(long Epoch, long Seq, IReadOnlyList<Reading> Readings);

/// <summary>A readings message as decoded: what could be read of it, and what could not.</summary>
/// <param name="Message">Null if the message as a whole is at fault; then <paramref name="Fault"/> says why.</param>
/// <param name="Faulty">Readings that are at fault on their own.</param>
/// <param name="UnknownMembers">Members that the contract does not have: ignored and counted.</param>
public sealed record DecodedReadings(ReadingsMessage? Message, Fault? Fault, IReadOnlyList<FaultyReading> Faulty, int UnknownMembers);

/// <param name="Index">Position among the message's readings.</param>
/// <param name="From">First byte of the reading in the payload.</param>
public sealed record FaultyReading(int Index, MeterName? Meter, Instant? At, Fault Fault, int From, int Length);
