using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>A fault that hits this gateway, with its place in time.</summary>
internal sealed record PlannedFault(ScenarioFault Fault, int Index, Instant From, Instant To)
{
    public bool Covers(Instant at) => From <= at && at < To;
}

/// <summary>The faults that hit one gateway, and the chance that goes with them.</summary>
internal sealed class FaultPlan
{
    private const int ShareStream = 900;
    private const int FirstStream = 1_000;

    private static readonly FaultKind[] OfRegisters =
        [FaultKind.RegisterReset, FaultKind.Rollover, FaultKind.MeterSwap, FaultKind.StuckRegister, FaultKind.ZeroGlitch, FaultKind.DecimalSlip];

    private static readonly FaultKind[] OfOrder =
        [FaultKind.Drop, FaultKind.Delay, FaultKind.Reorder, FaultKind.Outage, FaultKind.ReconnectStorm, FaultKind.CorruptPayload];

    private static readonly FaultKind[] OfClocks = [FaultKind.ClockSkew, FaultKind.ClockJump, FaultKind.ClockStuck];

    private readonly long _seed;
    private readonly long _gateway;
    private readonly PlannedFault[] _faults;

    public FaultPlan(Scenario scenario, GatewayName name, long gateway)
    {
        (_seed, _gateway) = (scenario.Seed, gateway);
        _faults = [.. scenario.Faults
            .Select((fault, index) => new PlannedFault(fault, index, scenario.Start + fault.From, fault.To is { } to ? scenario.Start + to : scenario.End + Duration.Epsilon))
            .Where(f => f.Fault.Gateways is { } named ? named.Contains(name.Value, StringComparer.Ordinal) : Chance.Unit(_seed, ShareStream, f.Index, gateway) < f.Fault.Share)];
    }

    public bool HasRegisterFaults => Array.Exists(_faults, f => OfRegisters.Contains(f.Fault.Kind));

    public bool HasClockFaults => Array.Exists(_faults, f => OfClocks.Contains(f.Fault.Kind));

    /// <summary>True if messages may arrive in another order than they were made, late, or not at all.</summary>
    public bool IsDisorderly => Array.Exists(_faults, f => OfOrder.Contains(f.Fault.Kind));

    public IEnumerable<PlannedFault> Of(params FaultKind[] kinds) => _faults.Where(f => kinds.Contains(f.Fault.Kind));

    public IEnumerable<PlannedFault> Clocks => _faults.Where(f => OfClocks.Contains(f.Fault.Kind));

    /// <summary>The first fault of that kind that strikes item <paramref name="number"/> at this instant, drawn with its probability.</summary>
    public PlannedFault? Strikes(FaultKind kind, Instant at, long number)
    {
        foreach (var fault in _faults)
            if (fault.Fault.Kind == kind && fault.Covers(at) && Draw(fault, number, 0) < fault.Fault.Probability) return fault;
        return null;
    }

    /// <summary>0 to below 1, of its own for each fault, gateway, item and draw.</summary>
    public double Draw(PlannedFault fault, long number, int draw) => Chance.Unit(_seed, FirstStream + fault.Index, _gateway, (number * 16) + draw);
}
