using System.Diagnostics.Metrics;
using Grid.Domain;

namespace Grid.Ingest;

/// <summary>What went in and what became of it, counted in items: a reading, or a message that could not be split.</summary>
public sealed class IngestMetrics
{
    public const string MeterName = "Grid.Ingest";

    private readonly Meter _meter;
    private readonly Counter<long> _received;
    private readonly Counter<long> _stored;
    private readonly Counter<long> _duplicate;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _unknownMembers;
    private readonly Counter<long> _droppedGroups;
    private readonly Counter<long> _setAside;
    private readonly Counter<long> _gaps;
    private long _itemsReceived;

    public IngestMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _received = meter.CreateCounter<long>("grid.ingest.received", "{item}", "Items committed to the journal.");
        _stored = meter.CreateCounter<long>("grid.ingest.stored", "{item}", "Readings written to the reading store.");
        _duplicate = meter.CreateCounter<long>("grid.ingest.duplicate", "{item}", "Readings that were stored already.");
        _quarantined = meter.CreateCounter<long>("grid.ingest.quarantined", "{item}", "Items refused, by reason; conflict is one of them.");
        _unknownMembers = meter.CreateCounter<long>("grid.ingest.unknown_members", "{member}", "JSON members that the contract does not have.");
        _droppedGroups = meter.CreateCounter<long>("grid.ingest.dropped_groups", "{group}", "Groups of meters' frames that were at fault.");
        _setAside = meter.CreateCounter<long>("grid.ingest.set_aside", "{item}", "Items whose journal group is damaged or cannot be settled.");
        _gaps = meter.CreateCounter<long>("grid.gaps", "{gap}", "Gaps in gateways' numbering, by what became of them: noticed, then filled or lost.");
        _meter = meter;

        // An alert on a counter that is not there yet would never fire: each starts at 0.
        foreach (var counter in (Counter<long>[])[_received, _stored, _duplicate, _unknownMembers, _droppedGroups, _setAside]) counter.Add(0);
        foreach (var state in (string[])["noticed", "filled", "lost"]) _gaps.Add(0, StateTag(state));
        foreach (var reason in Enum.GetValues<Reason>()) _quarantined.Add(0, ReasonTag(reason));
    }

    private static KeyValuePair<string, object?> StateTag(string state) => new("state", state);

    private static KeyValuePair<string, object?> ReasonTag(Reason reason) => new("reason", reason.Code());

    internal void ObservePending(Func<long> pending) =>
        _meter.CreateObservableGauge("grid.ingest.pending", pending, "{item}", "Items in the journal that are not settled yet.");

    internal void ObserveUncommitted(Func<long> uncommitted) =>
        _meter.CreateObservableGauge("grid.ingest.uncommitted", uncommitted, "{item}", "Items taken and not on disk yet: without their PUBACK.");

    internal void ObserveGaps(Func<int> open) => _meter.CreateObservableGauge("grid.gaps.open", open, "{gap}", "Gaps in gateways' numbering that have not ended.");

    internal void ObserveOnline(Func<int> online) =>
        _meter.CreateObservableGauge("grid.gateways.online", online, "{gateway}", "Gateways whose last word was their birth.");

    /// <summary>Items received since the start.</summary>
    public long ItemsReceived => Interlocked.Read(ref _itemsReceived);

    internal void Received(int items, int unknownMembers)
    {
        Interlocked.Add(ref _itemsReceived, items);
        _received.Add(items);
        if (unknownMembers > 0) _unknownMembers.Add(unknownMembers);
    }

    internal void Dropped(int groups) => _droppedGroups.Add(groups);

    internal void SetAside(int items) => _setAside.Add(items);

    internal void Gap(Gap gap) => _gaps.Add(1, StateTag(gap.End switch { GapEnd.Filled => "filled", GapEnd.Lost => "lost", _ => "noticed" }));

    internal void Stored(int items) => _stored.Add(items);

    internal void Duplicate(int items) => _duplicate.Add(items);

    internal void Quarantined(Reason reason) => _quarantined.Add(1, ReasonTag(reason));
}
