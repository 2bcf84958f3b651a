using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Grid.Domain;

namespace Grid.Ingest;

/// <summary>
/// Takes journal groups to the reading store and the ledger. Every step may be repeated: a batch that failed half way, or that
/// a killed process left behind, is settled again from its start with the same end.
/// </summary>
internal sealed class Settler(IReadingStore store, ILedger ledger, IGatewayLocks locks, CurrentRegistry registry, IngestMetrics metrics)
{
    private const int LookUpsAtOnce = 4;
    private const int MostAtFirst = 64; // places for one meter's readings

    private readonly Watermarks _watermarks = new(store);

    /// <returns>What is stored now, of all epochs of the gateways that the groups name.</returns>
    public async Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> SettleAsync(IReadOnlyList<JournalGroup> groups, CancellationToken ct)
    {
        List<JournalEntry> entries = [.. groups.SelectMany(g => g.Entries)];
        var events = entries.Where(e => e.Event is not null).Select(e => (e.Gateway, e.Event!)).ToList();
        var byMeter = ByMeter(entries);
        List<MeterName> meters = [.. byMeter.Keys.Order()]; // the embedded store is clustered by meter
        await using var held = await locks.TakeAsync([.. entries.Select(e => e.Gateway).Distinct()], ct);
        if (held.ChangedHands) _watermarks.ForgetAll(); // whose gateways those were, its shards do not say
        await _watermarks.LoadAsync(meters, ct);
        var breaks = await BreaksAsync(meters, events, ct);

        List<Reading> write = new(entries.Sum(e => e.Readings.Count));
        List<QuarantinedItem> refused = [.. entries.SelectMany(e => e.Refused)];
        HashSet<(MeterName, LocalDate)> touched = [];
        Dictionary<MeterName, Reading> latest = new(meters.Count);
        var duplicates = 0;
        var around = await StoredAroundAsync(byMeter, ct);
        foreach (var meter in meters)
        {
            var stored = around.GetValueOrDefault(meter) ?? (_watermarks.Of(meter) is { } mark ? [mark] : []);
            var verdict = Verdicts.Of(byMeter[meter], stored, breaks.GetValueOrDefault(meter, []), PlausiblePowerW(meter));
            write.AddRange(verdict.Write);
            refused.AddRange(verdict.Refused);
            duplicates += verdict.Duplicates;
            foreach (var (from, to) in verdict.Touched) Touch(touched, meter, from, to);
            if (verdict.Latest is { } newest) latest[meter] = _watermarks.Of(meter) is { } known && known.At > newest.At ? known : newest;
        }

        _watermarks.Forget(latest.Keys); // until all of this is done nothing is certain
        var storeRefused = await store.WriteAsync(write, ct);
        foreach (var (position, why) in storeRefused)
        {
            refused.Add(ByStore(write[position], why, byMeter));
            latest.Remove(write[position].Meter); // what it holds is to be asked again
        }

        foreach (var (meter, from, to) in await EventSpansAsync(events, ct)) Touch(touched, meter, from, to);
        await held.EnsureHeldAsync(ct);
        var acknowledged = await ledger.RecordAsync(new(refused, events, SequencesOf(entries), touched), ct);
        foreach (var (meter, newest) in latest) _watermarks.Set(meter, newest);
        metrics.Settled(write.Count - storeRefused.Count, duplicates, refused);
        return acknowledged;
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

    private static Dictionary<MeterName, List<Offered>> ByMeter(List<JournalEntry> entries)
    {
        Dictionary<MeterName, List<Offered>> byMeter = [];
        foreach (var entry in entries)
        {
            var places = entry.Readings is [var first, .., var last] && first.Meter == last.Meter ? Math.Min(entry.Readings.Count, MostAtFirst) : 0;
            foreach (var reading in entry.Readings)
            {
                ref var offered = ref CollectionsMarshal.GetValueRefOrAddDefault(byMeter, reading.Meter, out _);
                (offered ??= new(places)).Add(new(entry, reading));
            }
        }

        return byMeter;
    }

    private static QuarantinedItem ByStore(Reading reading, string why, Dictionary<MeterName, List<Offered>> byMeter)
    {
        var sender = byMeter[reading.Meter].First(o => o.Reading.At == reading.At);
        return QuarantineForm.Reading(sender.Entry.Gateway, sender.Entry.ReceivedAt, reading, Reason.RefusedByStore, why);
    }

    private long PlausiblePowerW(MeterName meter)
    {
        var installs = registry.Snapshot.InstallsOf(meter);
        return installs.Count > 0 ? installs.Max(i => i.PlausiblePowerW) : long.MaxValue; // its install was taken back since: nothing is known of it
    }

    private async Task<Dictionary<MeterName, IReadOnlyList<MeterEvent>>> BreaksAsync(
        List<MeterName> meters, List<(GatewayName Gateway, MeterEvent Event)> events, CancellationToken ct)
    {
        var arriving = events.Select(e => e.Event).Where(e => e is { BreaksRegister: true, Meter: not null }).ToLookup(e => e.Meter!.Value);
        var recorded = await ledger.RegisterBreaksAsync(meters, ct);
        return meters.ToDictionary(m => m, m => (IReadOnlyList<MeterEvent>)[.. recorded.GetValueOrDefault(m, []), .. arriving[m]]);
    }

    /// <summary>Of meters with readings that are not newer than all that is stored: what is stored around them.</summary>
    private async Task<ConcurrentDictionary<MeterName, IReadOnlyList<Reading>>> StoredAroundAsync(Dictionary<MeterName, List<Offered>> byMeter, CancellationToken ct)
    {
        ConcurrentDictionary<MeterName, IReadOnlyList<Reading>> around = [];
        var late = byMeter.Select(m => (Meter: m.Key, First: m.Value.Min(o => o.Reading.At), Offered: m.Value)).Where(m => _watermarks.Of(m.Meter) is { } mark && m.First <= mark.At);
        await Parallel.ForEachAsync(late, new ParallelOptions { MaxDegreeOfParallelism = LookUpsAtOnce, CancellationToken = ct }, async (m, stop) =>
            around[m.Meter] = await store.ReadAroundAsync(m.Meter, m.First, m.Offered.Max(o => o.Reading.At) + Duration.FromMilliseconds(1), stop));
        return around;
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

    private void Touch(HashSet<(MeterName, LocalDate)> touched, MeterName meter, Instant from, Instant to)
    {
        foreach (var day in registry.Snapshot.Calendar.DaysFrom(from, to)) touched.Add((meter, day));
    }
}
