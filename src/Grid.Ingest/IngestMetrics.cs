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
    private readonly Counter<long> _withheld;
    private readonly Counter<long> _setAside;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _pushedBack;
    private readonly Counter<long> _forgotten;
    private readonly Lock _lock = new();
    private long _itemsReceived;
    private long _expected; // what should be pending: there at the start or received, less what has an outcome
    private long _outcomesAhead; // counted, and still pending until the journal hears of it

    public IngestMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _received = meter.CreateCounter<long>("grid.ingest.received", "{item}", "Items committed to the journal.");
        _stored = meter.CreateCounter<long>("grid.ingest.stored", "{item}", "Readings written to the reading store.");
        _duplicate = meter.CreateCounter<long>("grid.ingest.duplicate", "{item}", "Readings that were stored already.");
        _quarantined = meter.CreateCounter<long>("grid.ingest.quarantined", "{item}", "Items refused, by reason; conflict is one of them.");
        _unknownMembers = meter.CreateCounter<long>("grid.ingest.unknown_members", "{member}", "JSON members that the contract does not have.");
        _withheld = meter.CreateCounter<long>("grid.ingest.withheld", "{item}", "Readings that a household does not let us keep.");
        _droppedGroups = meter.CreateCounter<long>("grid.ingest.dropped_groups", "{group}", "Groups of meters' frames that were at fault.");
        _setAside = meter.CreateCounter<long>("grid.ingest.set_aside", "{item}", "Items whose journal group is damaged or cannot be settled.");
        _gaps = meter.CreateCounter<long>("grid.gaps", "{gap}", "Gaps in gateways' numbering, by what became of them: noticed, then filled or lost.");
        _pushedBack = meter.CreateCounter<long>("grid.ingest.pushed_back", "{message}", "Messages that the journal did not take: without their PUBACK, to be sent again.");
        _forgotten = meter.CreateCounter<long>("grid.quarantine.forgotten", "{item}", "Oldest items of gateways far over the quarantine's bound, deleted.");
        _meter = meter;

        // An alert on a counter that is not there yet would never fire: each starts at 0.
        foreach (var counter in (Counter<long>[])[_received, _stored, _duplicate, _unknownMembers, _droppedGroups, _withheld, _setAside, _pushedBack, _forgotten]) counter.Add(0);
        meter.CreateCounter<long>("grid.ingest.erased", "{item}", "Readings not stored because their household's data was erased.").Add(0);
        foreach (var state in (string[])["noticed", "filled", "lost"]) _gaps.Add(0, StateTag(state));
        foreach (var reason in Enum.GetValues<Reason>()) _quarantined.Add(0, ReasonTag(reason));
    }

    private static KeyValuePair<string, object?> StateTag(string state) => new("state", state);

    private static KeyValuePair<string, object?> ReasonTag(Reason reason) => new("reason", reason.Code());

    /// <param name="pending">Asked at once for what the journal holds at the start.</param>
    internal void ObservePending(Func<long> pending)
    {
        lock (_lock) _expected += pending();
        _meter.CreateObservableGauge("grid.ingest.pending", pending, "{item}", "Items in the journal that are not settled yet.");
        _meter.CreateObservableGauge("grid.ingest.unaccounted", () => Unaccounted(pending), "{item}", "Items that came in and have neither an outcome nor a place in the journal: 0, or a fault of Grid's.");
    }

    internal void ObserveUncommitted(Func<long> uncommitted) =>
        _meter.CreateObservableGauge("grid.ingest.uncommitted", uncommitted, "{item}", "Items taken and not on disk yet: without their PUBACK.");

    internal void ObserveGaps(Func<int> open) => _meter.CreateObservableGauge("grid.gaps.open", open, "{gap}", "Gaps in gateways' numbering that have not ended.");

    internal void ObserveConnected(Func<bool> isConnected) =>
        _meter.CreateObservableGauge("grid.broker.connected", () => isConnected() ? 1 : 0, "{connection}", "1 while ingest gets what gateways publish; 0 while it is cut off from an external broker.");

    internal void ObserveOnline(Func<int> online) =>
        _meter.CreateObservableGauge("grid.gateways.online", online, "{gateway}", "Gateways whose last word was their birth.");

    /// <summary>Items received since the start.</summary>
    public long ItemsReceived => Interlocked.Read(ref _itemsReceived); // written under the lock

    /// <summary>Items that came in and have neither an outcome nor a place in the journal.</summary>
    internal long Unaccounted(Func<long> pending)
    {
        // The journal counts for itself, an instant before or after: a difference that is gone when looked at again was that instant.
        long difference = 0;
        for (var look = 0; look < 100; look++)
        {
            lock (_lock) difference = _expected + _outcomesAhead - pending();
            if (difference == 0) break;
            Thread.SpinWait(50);
        }

        return difference;
    }

    /// <summary>Counts a commit group.</summary>
    internal void Received(IReadOnlyCollection<JournalEntry> entries)
    {
        var (items, withheld, unknownMembers, droppedGroups) = (0, 0, 0, 0);
        foreach (var entry in entries)
        {
            items += entry.Items + entry.Withheld;
            withheld += entry.Withheld;
            unknownMembers += entry.UnknownMembers;
            droppedGroups += entry.DroppedGroups;
        }

        lock (_lock)
        {
            _itemsReceived += items;
            _expected += items - withheld;
        }

        _received.Add(items);
        if (withheld > 0) _withheld.Add(withheld);
        if (unknownMembers > 0) _unknownMembers.Add(unknownMembers);
        if (droppedGroups > 0) _droppedGroups.Add(droppedGroups);
    }

    internal void SetAside(int items)
    {
        lock (_lock) _expected -= items;
        _setAside.Add(items);
    }

    internal void PushedBack(int messages) => _pushedBack.Add(messages);

    internal void Forgotten(int items) => _forgotten.Add(items);

    internal void Gap(Gap gap) => _gaps.Add(1, StateTag(gap.End switch { GapEnd.Filled => "filled", GapEnd.Lost => "lost", _ => "noticed" }));

    /// <summary>What became of one batch.</summary>
    internal void Settled(int stored, int duplicates, IReadOnlyCollection<QuarantinedItem> refused)
    {
        var outcomes = stored + duplicates + refused.Count;
        lock (_lock) (_expected, _outcomesAhead) = (_expected - outcomes, _outcomesAhead + outcomes);
        _stored.Add(stored);
        _duplicate.Add(duplicates);
        foreach (var item in refused) _quarantined.Add(1, ReasonTag(item.Reason));
    }

    /// <summary>The journal knows of the outcomes so far: they are pending no more.</summary>
    internal void Trimmed()
    {
        lock (_lock) _outcomesAhead = 0;
    }
}
