using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>
/// What one gateway does from the scenario's start to its end. Pure: it may be walked through as often as one likes, in any
/// thread and beside any other, and is the same each time.
/// </summary>
public sealed class GatewayScript
{
    private const int PhaseStream = 901;
    private const double MaxPhaseMs = 60_000;

    private readonly Scenario _scenario;
    private readonly SimulatedGateway _gateway;
    private readonly SimulatedGateway _neighbour;
    private readonly long _index;
    private readonly FaultPlan _plan;

    internal GatewayScript(Scenario scenario, SimulatedGateway gateway, SimulatedGateway neighbour, long index)
    {
        (_scenario, _gateway, _neighbour, _index) = (scenario, gateway, neighbour, index);
        _plan = new(scenario, gateway.Name, index);
        // Gateways do not speak as one: each is a little behind the instant that it read.
        Phase = Duration.FromMilliseconds((long)(Chance.Unit(scenario.Seed, PhaseStream, index) * Math.Min(MaxPhaseMs, scenario.Interval.TotalMilliseconds)));
    }

    public GatewayName Name => _gateway.Name;

    public IReadOnlyList<SimulatedMeter> Meters => _gateway.Meters;

    /// <summary>How long after the instant of a reading it goes out.</summary>
    public Duration Phase { get; }

    /// <summary>False where a fault keeps registers or their instants from following the truth.</summary>
    public bool IsTrue => !_plan.HasRegisterFaults && !_plan.HasClockFaults;

    /// <summary>True if messages are made apart from their sending, or go out more than once.</summary>
    internal bool Repeats => _plan.Of(FaultKind.Drop, FaultKind.Delay, FaultKind.Reorder, FaultKind.Duplicate, FaultKind.Resend).Any();

    /// <summary>Everything in order of time.</summary>
    public IEnumerable<ScriptAction> Actions()
    {
        var delivery = new Delivery(_plan, _scenario.End + Phase);
        var maker = new MessageMaker(_scenario, _gateway, _neighbour, _plan, _index);
        for (var at = _scenario.Start; at <= _scenario.End; at += _scenario.Interval)
        {
            foreach (var made in maker.At(at, isLast: at + _scenario.Interval > _scenario.End)) delivery.Take(made, at, at + Phase);
            foreach (var due in delivery.Due(at + Phase)) yield return due;
        }

        delivery.Close(_scenario.End + Phase);
        foreach (var due in delivery.Due(Instant.MaxValue)) yield return due;
    }
}

/// <summary>All gateways of a scenario.</summary>
public sealed class Script
{
    public Script(Scenario scenario)
    {
        Scenario = scenario;
        // A day early, so that a clock that is behind still shows a time at which the meter hung there.
        var origin = Instant.FromUnixTimeSeconds(RegisterCurve.FloorDiv(scenario.Start.ToUnixTimeSeconds(), 86_400) * 86_400) - Duration.FromDays(1);
        Neighbourhood = new(scenario.Seed, scenario.Composition, scenario.TimeZone, origin, "Simulated neighbourhood");
        var all = Neighbourhood.Gateways;
        Gateways = [.. all.Select((gateway, i) => new GatewayScript(scenario, gateway, all[(i + 1) % all.Count], i))];
    }

    public Scenario Scenario { get; }

    public SimulatedNeighbourhood Neighbourhood { get; }

    public IReadOnlyList<GatewayScript> Gateways { get; }

    /// <summary>For the server's <c>registry import</c>. The meters hang there since long before, so that the same file serves whenever the scenario is set.</summary>
    public IReadOnlyList<RegistryRow> Registry =>
        [.. Neighbourhood.Registry.Select(row => row with { Meter = row.Meter with { From = Instant.Min(row.Meter.From, SimulatedNeighbourhood.DefaultOrigin) } })];
}
