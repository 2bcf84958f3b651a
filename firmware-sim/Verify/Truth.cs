using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>What truly passed every meter, and what every message of a script holds and may become.</summary>
public sealed class Truth
{
    public required string Scenario { get; init; }

    public required long Seed { get; init; }

    public required Instant Start { get; init; }

    public required Instant End { get; init; }

    public IDictionary<MeterName, TrueMeter> Meters { get; } = new Dictionary<MeterName, TrueMeter>();

    public IDictionary<(GatewayName Gateway, long Number), TrueMessage> Messages { get; } = new Dictionary<(GatewayName, long), TrueMessage>();

    public static Truth Of(Script script)
    {
        var truth = new Truth { Scenario = script.Scenario.Name, Seed = script.Scenario.Seed, Start = script.Scenario.Start, End = script.Scenario.End };
        foreach (var gateway in script.Gateways)
        {
            foreach (var meter in gateway.Meters) truth.Meters.Add(meter.Meter, Of(script.Scenario, gateway, meter));
            foreach (var message in MessagesOf(gateway)) truth.Messages.Add((gateway.Name, message.Number), message);
        }

        return truth;
    }

    internal static TrueMeter Of(Scenario scenario, GatewayScript gateway, SimulatedMeter meter)
    {
        var result = new TrueMeter(gateway.Name, meter.Install.Kind, gateway.IsTrue);
        var before = meter.RegistersAt(scenario.Start);
        for (var from = scenario.Start; from < scenario.End; from += LocalCalendar.SlotLength)
        {
            var after = meter.RegistersAt(from + LocalCalendar.SlotLength);
            var losses = meter.Device is Feeder feeder ? feeder.LossesWh(from.ToUnixTimeSeconds() / RegisterCurve.HalfHourSeconds) : (long?)null;
            result.Slots.Add(new(from, after.ImportWh - before.ImportWh, (after.ExportWh ?? 0) - (before.ExportWh ?? 0), losses));
            before = after;
        }

        return result;
    }

    internal static IEnumerable<TrueMessage> MessagesOf(GatewayScript gateway)
    {
        foreach (var action in gateway.Actions())
            if (action is { Step: ScriptStep.Post or ScriptStep.Make, Message: { } message })
                yield return new(message.Number, message.Kind, message.Expected, message.Readings);
    }
}

/// <param name="IsTrue">False where a fault keeps what the meter shows from following what passed it.</param>
public sealed record TrueMeter(GatewayName Gateway, MeterKind Kind, bool IsTrue)
{
    public IList<TrueSlot> Slots { get; } = [];
}

/// <summary>What passed in one UTC half-hour.</summary>
/// <param name="LossesWh">For a feeder: how much of it went warm on the way.</param>
public sealed record TrueSlot(Instant From, long ImportWh, long ExportWh, long? LossesWh = null);

public sealed record TrueMessage(long Number, TopicKind Kind, Fate Expected, IReadOnlyList<ScriptReading> Readings);
