namespace Grid.Domain;

/// <summary>Message numbers <paramref name="From"/> to <paramref name="To"/>, both included; numbers start at 1.</summary>
public readonly record struct SequenceRange(long From, long To);

/// <summary>A gateway's numbering: it rises when the gateway lost its counter.</summary>
public readonly record struct GatewayEpoch(GatewayName Gateway, long Epoch);
