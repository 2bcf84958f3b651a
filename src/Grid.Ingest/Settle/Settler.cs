using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>
/// Takes journal groups to the reading store and the ledger. Every step may be repeated: a batch that failed half way, or that
/// a killed process left behind, is settled again from its start with the same end.
/// </summary>
internal sealed class Settler(IReadingStore store, ILedger ledger, CurrentRegistry registry, IGatewayMail mail, IngestMetrics metrics)
{
    private const int MaxEpochs = 8;

    private readonly Watermarks _watermarks = new(store);

    /// <returns>What each gateway may now forget.</returns>
    public async Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> SettleAsync(IReadOnlyList<JournalGroup> groups, CancellationToken ct)
    {
        List<JournalEntry> entries = [.. groups.SelectMany(g => g.Entries)];
        var events = entries.Where(e => e.Event is not null).Select(e => (e.Gateway, e.Event!)).ToList();
        var byMeter = entries.SelectMany(e => e.Readings.Select(r => new Offered(e.Gateway, e.ReceivedAt, r)))
            .GroupBy(o => o.Reading.Meter).OrderBy(g => g.Key).ToList();
        List<MeterName> meters = [.. byMeter.Select(g => g.Key)];
        await _watermarks.LoadAsync(meters, ct);
        var breaks = await BreaksAsync(meters, events, ct);

        List<MeterVerdict> verdicts = [];
        foreach (var offered in byMeter)
            verdicts.Add(Verdicts.Of(offered, await StoredAroundAsync(offered.Key, [.. offered], ct), breaks.GetValueOrDefault(offered.Key, [])));

        List<Reading> write = [.. verdicts.SelectMany(v => v.Write)];
        List<QuarantinedItem> refused = [.. entries.SelectMany(e => e.Refused), .. verdicts.SelectMany(v => v.Refused)];
        var storeRefused = await store.WriteAsync(write, ct);
        refused.AddRange(storeRefused.Select(r => ByStore(write[r.Position], r.Why, byMeter)));

        var touched = TouchedDays(byMeter.Zip(verdicts), await EventSpansAsync(events, ct));
        var acknowledged = await ledger.RecordAsync(new(refused, events, SequencesOf(entries), touched), ct);
        var lacking = storeRefused.Select(r => write[r.Position].Meter).ToHashSet();
        foreach (var (meter, verdict) in meters.Zip(verdicts).Where(m => !lacking.Contains(m.First))) _watermarks.Raise(meter, verdict.Latest);
        Count(write.Count - storeRefused.Count, verdicts.Sum(v => v.Duplicates), refused);
        return acknowledged;
    }

    /// <summary>Says again what is stored: an embedded broker forgets its retained messages with its process.</summary>
    public async Task AcknowledgeAllAsync(CancellationToken ct) => await AcknowledgeAsync(await ledger.SequencesAsync(ct), ct);

    public async Task AcknowledgeAsync(IReadOnlyDictionary<GatewayEpoch, SequenceSet> sequences, CancellationToken ct)
    {
        foreach (var gateway in sequences.GroupBy(s => s.Key.Gateway))
        {
            // Retained, so each must say all that a gateway may still wait for; older counters than these are long lost.
            var epochs = gateway.OrderBy(s => s.Key.Epoch).TakeLast(MaxEpochs).Select(s => new AckedEpoch(s.Key.Epoch, s.Value.StoredThrough));
            await mail.SendAsync(gateway.Key, TopicKind.Ack, SmallMessages.Encode(new AckMessage([.. epochs])), retain: true, ct);
        }
    }

    private static Dictionary<GatewayEpoch, SequenceSet> SequencesOf(List<JournalEntry> entries)
    {
        Dictionary<GatewayEpoch, SequenceSet> sequences = [];
        foreach (var entry in entries)
        {
            if (entry.Epoch is not { } epoch || entry.Seq is not { } seq) continue;
            var key = new GatewayEpoch(entry.Gateway, epoch);
            var set = sequences.GetValueOrDefault(key, SequenceSet.Empty).With(seq);
            sequences[key] = entry.Event?.Lost is { } lost ? set.With(lost.From, lost.To) : set;
        }

        return sequences;
    }

    private static QuarantinedItem ByStore(Reading reading, string why, List<IGrouping<MeterName, Offered>> byMeter)
    {
        var sender = byMeter.First(g => g.Key == reading.Meter).First(o => o.Reading.At == reading.At);
        return QuarantineForm.Reading(sender.Gateway, sender.ReceivedAt, reading, Reason.RefusedByStore, why);
    }

    private async Task<Dictionary<MeterName, IReadOnlyList<MeterEvent>>> BreaksAsync(
        List<MeterName> meters, List<(GatewayName Gateway, MeterEvent Event)> events, CancellationToken ct)
    {
        var arriving = events.Select(e => e.Event).Where(e => e is { BreaksRegister: true, Meter: not null }).ToLookup(e => e.Meter!.Value);
        var recorded = await ledger.RegisterBreaksAsync(meters, ct);
        return meters.ToDictionary(m => m, m => (IReadOnlyList<MeterEvent>)[.. recorded.GetValueOrDefault(m, []), .. arriving[m]]);
    }

    private async Task<IReadOnlyList<Reading>> StoredAroundAsync(MeterName meter, List<Offered> offered, CancellationToken ct)
    {
        var mark = _watermarks.Of(meter);
        var (first, last) = (offered.Min(o => o.Reading.At), offered.Max(o => o.Reading.At));
        if (mark is null) return [];
        return first > mark.At ? [mark] : await store.ReadAroundAsync(meter, first, last + Duration.FromMilliseconds(1), ct);
    }

    private async Task<List<(MeterName Meter, Instant From, Instant To)>> EventSpansAsync(
        List<(GatewayName Gateway, MeterEvent Event)> events, CancellationToken ct)
    {
        List<(MeterName, Instant, Instant)> spans = [];
        foreach (var what in events.Select(e => e.Event).Where(e => e is { BreaksRegister: true, Meter: not null }))
        {
            var around = await store.ReadAroundAsync(what.Meter!.Value, what.At, what.At, ct);
            spans.Add((what.Meter.Value, Instant.Min(what.At, around.Count > 0 ? around[0].At : what.At), Instant.Max(what.At, around.Count > 0 ? around[^1].At : what.At)));
        }

        return spans;
    }

    private HashSet<(MeterName, LocalDate)> TouchedDays(
        IEnumerable<(IGrouping<MeterName, Offered> Offered, MeterVerdict Verdict)> verdicts, List<(MeterName Meter, Instant From, Instant To)> eventSpans)
    {
        var calendar = registry.Snapshot.Calendar;
        HashSet<(MeterName, LocalDate)> days = [];
        var spans = verdicts.SelectMany(v => v.Verdict.Touched.Select(t => (Meter: v.Offered.Key, t.From, t.To))).Concat(eventSpans);
        foreach (var (meter, from, to) in spans)
        foreach (var day in calendar.DaysFrom(from, to))
            days.Add((meter, day));
        return days;
    }

    private void Count(int stored, int duplicates, List<QuarantinedItem> refused)
    {
        metrics.Stored(stored);
        metrics.Duplicate(duplicates);
        foreach (var item in refused) metrics.Quarantined(item.Reason);
    }
}
