namespace Grid.Domain;

/// <summary>What happened to a meter or its gateway, apart from readings.</summary>
/// <param name="Meter">Null where the event concerns the gateway alone.</param>
/// <param name="ClosingWh">Import register before a swap or restart, where known.</param>
/// <param name="OpeningWh">Import register after it.</param>
/// <param name="Lost">For <see cref="MeterEventKind.Lost"/>: these numbers of the epoch will never come.</param>
/// <param name="ByMs">For <see cref="MeterEventKind.ClockSet"/>: how far the clock was moved, forward if positive.</param>
public sealed record MeterEvent(
    MeterEventKind Kind, MeterName? Meter, Instant At, long? ClosingWh = null, long? OpeningWh = null, SequenceRange? Lost = null, long? ByMs = null)
{
    /// <summary>True if registers before and after the event must not be subtracted from one another.</summary>
    public bool BreaksRegister => Kind is MeterEventKind.MeterSwap or MeterEventKind.RegisterRestart;
}

public enum MeterEventKind
{
    /// <summary>Another meter hangs on the wall: <c>ClosingWh</c> and <c>OpeningWh</c> were read at <c>At</c>, no energy is lost.</summary>
    MeterSwap = 1,

    /// <summary>The register is continuous again from <c>At</c> on; what passed since the reading before is unknown.</summary>
    RegisterRestart = 2,
    ClockSet = 3,
    Boot = 4,
    Tamper = 5,
    Lost = 6,
}
