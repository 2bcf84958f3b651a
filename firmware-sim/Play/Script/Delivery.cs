namespace Grid.FirmwareSim;

/// <summary>The way of one gateway's messages to the broker: held, doubled, late, shuffled, or cut off.</summary>
internal sealed class Delivery
{
    private readonly FaultPlan _plan;
    private readonly PriorityQueue<ScriptAction, (Instant At, long Order)> _due = new();
    private readonly Dictionary<PlannedFault, List<(ScriptMessage Message, Instant Read)>> _shuffling = [];
    private readonly List<(PlannedFault Fault, List<ScriptMessage> Messages)> _resends = [];
    private long _order;

    public Delivery(FaultPlan plan, Instant end)
    {
        _plan = plan;
        foreach (var gap in plan.Of(FaultKind.Outage, FaultKind.ReconnectStorm))
        {
            Put(new(gap.From, ScriptStep.Disconnect));
            Put(new(Instant.Min(gap.Fault.To is null && gap.Fault.Kind is FaultKind.ReconnectStorm ? gap.From : gap.To, end), ScriptStep.Connect));
        }

        foreach (var resend in plan.Of(FaultKind.Resend)) _resends.Add((resend, []));
    }

    /// <param name="read">The instant that the message's newest reading stands for.</param>
    /// <param name="at">When it would go out if nothing were in the way.</param>
    public void Take(Made made, Instant read, Instant at)
    {
        Resend(at);
        if (made.Raw is { } raw) Put(new(at, ScriptStep.Raw, Raw: raw));
        if (made.Message is not { } message) return;
        foreach (var (fault, messages) in _resends)
            if (fault.Covers(read)) messages.Add(message);
        if (made.IsEvent) Put(new(at, ScriptStep.Post, message));
        else if (_plan.Strikes(FaultKind.Drop, read, message.Number) is not null) Put(new(at, ScriptStep.Make, message));
        else if (_plan.Of(FaultKind.Reorder).FirstOrDefault(f => f.Covers(read)) is { } shuffle) Shuffle(shuffle, message, read, at);
        else if (_plan.Strikes(FaultKind.Delay, read, message.Number) is { } delay)
        {
            Put(new(at, ScriptStep.Make, message));
            Send(ScriptStep.Send, message, read, at + Duration.FromSeconds(delay.Fault.Seconds));
        }
        else Send(ScriptStep.Post, message, read, at);
    }

    /// <summary>What is due up to then, in order.</summary>
    public IEnumerable<ScriptAction> Due(Instant until)
    {
        while (_due.TryPeek(out _, out var when) && when.At <= until) yield return _due.Dequeue();
    }

    public void Close(Instant at)
    {
        foreach (var (fault, messages) in _shuffling) SendShuffled(fault, messages, at);
        Resend(at + Duration.Epsilon, isEnd: true);
    }

    private void Send(ScriptStep step, ScriptMessage message, Instant read, Instant at)
    {
        Put(new(at, step, message));
        if (_plan.Strikes(FaultKind.Duplicate, read, message.Number) is { } duplicate)
            for (var i = 0; i < duplicate.Fault.Times; i++) Put(new(at, ScriptStep.Again, message));
    }

    private void Shuffle(PlannedFault fault, ScriptMessage message, Instant read, Instant at)
    {
        Put(new(at, ScriptStep.Make, message));
        if (!_shuffling.TryGetValue(fault, out var messages)) _shuffling.Add(fault, messages = []);
        messages.Add((message, read));
        if (messages.Count == fault.Fault.Messages) SendShuffled(fault, messages, at);
    }

    private void SendShuffled(PlannedFault fault, List<(ScriptMessage Message, Instant Read)> messages, Instant at)
    {
        foreach (var (message, read) in messages.OrderBy(m => _plan.Draw(fault, m.Message.Number, 1)).ThenBy(m => m.Message.Number)) Send(ScriptStep.Send, message, read, at);
        messages.Clear();
    }

    /// <summary>Behind a new connection, everything of the fault's time once more.</summary>
    private void Resend(Instant at, bool isEnd = false)
    {
        foreach (var (fault, messages) in _resends)
        {
            if (messages.Count == 0 || (!isEnd && at < fault.To)) continue;
            Put(new(at, ScriptStep.Disconnect));
            Put(new(at, ScriptStep.Connect));
            foreach (var message in messages) Put(new(at, ScriptStep.Again, message));
            messages.Clear();
        }
    }

    private void Put(ScriptAction action) => _due.Enqueue(action, (action.At, _order++));
}
