using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>What a gateway's clock shows, and what becomes of readings that carry it.</summary>
internal sealed class GatewayClock(FaultPlan plan)
{
    // Beyond these no backend can take a reading for one of its own days.
    private static readonly Instant LongAgo = Instant.FromUtc(2015, 1, 1, 0, 0);
    private static readonly Instant FarAhead = Instant.FromUtc(2037, 1, 1, 0, 0);

    private readonly PlannedFault[] _faults = [.. plan.Clocks];
    private readonly bool _near = plan.Clocks.Any(f => f.Fault.Clock is not { } clock || (clock > LongAgo && clock < FarAhead));
    private PlannedFault? _last;

    public Instant Shows(Instant at) => Array.Find(_faults, f => f.Covers(at)) is { } fault ? Shows(fault, at) : at;

    /// <summary>The reading's fate on the register's side, and what its stamp adds.</summary>
    public Fate Expected(Instant stamp, Fate register) =>
        stamp <= LongAgo ? Fate.TooOld | Fate.NotInstalled
        : stamp >= FarAhead ? Fate.FromTheFuture
        : _near ? register | Fates.WrongClock
        : register;

    /// <summary>The event that tells of the clock set right again; null if it was not wrong a moment ago.</summary>
    public MeterEvent? Corrected(Instant at)
    {
        var now = Array.Find(_faults, f => f.Covers(at));
        var before = _last;
        _last = now;
        return before is null || ReferenceEquals(before, now) ? null
            : new(MeterEventKind.ClockSet, null, at, ByMs: (at - Shows(before, at)).ToInt64Nanoseconds() / 1_000_000);
    }

    private static Instant Shows(PlannedFault fault, Instant at) => fault.Fault.Kind switch
    {
        FaultKind.ClockSkew => at + Duration.FromSeconds(fault.Fault.Seconds),
        FaultKind.ClockJump => fault.Fault.Clock!.Value + (at - fault.From),
        _ => fault.From,
    };
}
