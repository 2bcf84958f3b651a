using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>
/// What a meter shows of its true register, and what the contract's rules make of it: the lowest value that was taken for
/// certain and the highest that may have been tell whether the next one falls. Asked in order of time.
/// </summary>
internal sealed class ShownRegister(SimulatedMeter meter, FaultPlan plan)
{
    private readonly PlannedFault[] _breaks = [.. plan.Of(FaultKind.RegisterReset, FaultKind.MeterSwap).OrderBy(f => f.From)];
    private readonly PlannedFault? _rollover = plan.Of(FaultKind.Rollover).FirstOrDefault();
    private readonly PlannedFault[] _stuck = [.. plan.Of(FaultKind.StuckRegister)];
    private int _broken;
    private bool _rolled;
    private bool _stood;
    private long _low = -1;
    private long _high = -1;
    private long _previous = -1;

    public SimulatedMeter Meter => meter;

    /// <summary>The events that tell of breaks up to <paramref name="at"/>, each once.</summary>
    public IEnumerable<MeterEvent> Events(Instant at)
    {
        for (; _broken < _breaks.Length && _breaks[_broken].From <= at; _broken++)
        {
            var fault = _breaks[_broken];
            if (!fault.Fault.Notice) continue;
            _low = _high = -1;
            var closing = Continuous(fault.From, _breaks.AsSpan(0, _broken));
            yield return new(
                fault.Fault.Kind is FaultKind.MeterSwap ? MeterEventKind.MeterSwap : MeterEventKind.RegisterRestart, meter.Meter, fault.From, closing, fault.Fault.OpeningWh);
        }
    }

    /// <param name="number">Counts the readings, for chance.</param>
    public (Registers Registers, Fate Expected) At(Instant at, long number)
    {
        var truth = meter.RegistersAt(at);
        if (!plan.HasRegisterFaults) return (truth, Fate.Stored);
        var shown = Continuous(at, _breaks);
        if (_rollover is { } roll) shown = Rolled(roll, at, shown);
        var suspect = false;
        if (Array.Find(_stuck, f => f.Covers(at)) is { } stuck)
        {
            shown = Continuous(stuck.From, _breaks);
            _stood = true;
        }
        else if (_stood) (suspect, _stood) = (true, false); // all that passed meanwhile shows at once

        if (plan.Strikes(FaultKind.ZeroGlitch, at, number) is not null) shown = 0;
        else if (plan.Strikes(FaultKind.DecimalSlip, at, number) is not null) (shown, suspect) = (shown * 10, true);
        // Tariffs count on through whatever the main register does: a meter that is at fault does not tell them.
        return (new(shown, truth.ExportWh), plan.IsDisorderly ? Fates.WrongRegister : Judge(shown, suspect));
    }

    private Fate Judge(long shown, bool suspect)
    {
        if (shown < _low) return Fate.FallingRegister;
        if (shown < _high) return Fate.Stored | Fate.FallingRegister;
        _high = shown;
        if (suspect) return Fate.Stored | Fate.ImplausibleRise;
        _low = shown;
        return Fate.Stored;
    }

    /// <summary>The register through swaps and resets: from each on it counts from what the new one opened with.</summary>
    private long Continuous(Instant at, ReadOnlySpan<PlannedFault> breaks)
    {
        PlannedFault? last = null;
        foreach (var fault in breaks)
            if (fault.From <= at) last = fault;
        var truth = meter.RegistersAt(at).ImportWh;
        return last is null ? truth : last.Fault.OpeningWh + truth - meter.RegistersAt(last.From).ImportWh;
    }

    private long Rolled(PlannedFault roll, Instant at, long shown)
    {
        var modulus = roll.Fault.ModulusWh;
        var rolled = (shown - Continuous(roll.From, _breaks) + modulus) % modulus;
        // A backend that knows the modulus may follow; one that does not sees a register fall.
        if (!_rolled && at >= roll.From && _previous > rolled) (_rolled, _low) = (true, -1);
        _previous = rolled;
        return rolled;
    }
}
