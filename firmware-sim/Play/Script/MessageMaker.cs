using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>Turns the instants of a scenario into one gateway's messages, numbered from 1.</summary>
internal sealed class MessageMaker(Scenario scenario, SimulatedGateway gateway, SimulatedGateway neighbour, FaultPlan plan, long index)
{
    private readonly ShownRegister[] _meters = [.. gateway.Meters.Select(meter => new ShownRegister(meter, plan))];
    private readonly GatewayClock _clock = new(plan);
    private readonly List<ScriptReading> _batch = [];
    private int _instants;
    private long _tick;
    private long _number;

    public IEnumerable<Made> At(Instant at, bool isLast)
    {
        _tick++;
        if (_clock.Corrected(at) is { } corrected) yield return Event(corrected);
        for (var m = 0; m < _meters.Length; m++)
        {
            foreach (var what in _meters[m].Events(at)) yield return Event(what);
            var (registers, register) = _meters[m].At(at, (_tick * 16) + m);
            var stamp = _clock.Shows(at);
            _batch.Add(new(new(_meters[m].Meter.Meter, stamp, registers), _clock.Expected(stamp, register)));
        }

        if (++_instants == scenario.ReadingsPerMessage || isLast) yield return Readings(at);
        if (plan.Strikes(FaultKind.BadChecksum, at, _tick) is not null)
            yield return new(new()
            {
                Number = ++_number,
                Kind = TopicKind.P1,
                Telegram = BadTelegram.Of(gateway.Meters[0].Meter.Value, at, gateway.Meters[0].RegistersAt(at).ImportWh),
                Expected = Fate.BadChecksum | Fate.UnsupportedTopic,
            });
        if (plan.Strikes(FaultKind.Rogue, at, _tick) is { } rogue) yield return Rogue(rogue, at);
    }

    private Made Event(MeterEvent what) => new(new() { Number = ++_number, Kind = TopicKind.Events, Event = what }, IsEvent: true);

    private Made Readings(Instant at)
    {
        var message = new ScriptMessage { Number = ++_number, Kind = TopicKind.Readings, Readings = [.. _batch] };
        _batch.Clear();
        _instants = 0;
        return new(plan.Strikes(FaultKind.CorruptPayload, at, _number) is { } fault ? Damaged(message, fault) : message);
    }

    private ScriptMessage Damaged(ScriptMessage message, PlannedFault fault)
    {
        var kind = (DamageKind)(int)(3 * plan.Draw(fault, message.Number, 1));
        message = message with { Damage = new(kind, plan.Draw(fault, message.Number, 2)) };
        return kind is DamageKind.Negative
            ? message with { Readings = [message.Readings[0] with { Expected = Fate.BadValue }, .. message.Readings.Skip(1)] }
            : message with { Expected = Fate.Malformed, Readings = [.. message.Readings.Select(r => r with { Expected = Fate.Malformed })] };
    }

    /// <summary>Speaks where it has no say: on a neighbour's topic, on none of the contract, for a neighbour's meter, for one that nobody has.</summary>
    private Made Rogue(PlannedFault fault, Instant at)
    {
        var lie = new Reading(neighbour.Meters[0].Meter, at, new(7));
        var payload = GatewayClient.Encode(new(1, 1, [lie]));
        switch ((int)(4 * plan.Draw(fault, _tick, 1)))
        {
            case 0 when neighbour.Name != gateway.Name:
                return new(null, Raw: new(Topics.Of(neighbour.Name, TopicKind.Readings), payload, Fate.NotAuthorized));
            case 1 when neighbour.Name != gateway.Name:
                return Lie(lie, Fate.ForeignMeter);
            case 2:
                var noise = (long)(1e9 * plan.Draw(fault, _tick, 2));
                return new(null, Raw: new(FormattableString.Invariant($"grid/v1/{gateway.Name}/{noise:x}"), payload, Fate.NotAuthorized));
            default:
                return Lie(lie with { Meter = MeterName.Parse(FormattableString.Invariant($"m-nobody-{index}-{_tick}")) }, Fate.UnknownMeter);
        }

        Made Lie(Reading reading, Fate expected) => new(new() { Number = ++_number, Kind = TopicKind.Readings, Readings = [new(reading, expected)] });
    }
}

/// <summary>A message that was made, or something that goes out without a number.</summary>
/// <param name="IsEvent">Events go out at once and in order: what they explain comes behind them.</param>
internal sealed record Made(ScriptMessage? Message, RawMessage? Raw = null, bool IsEvent = false);
