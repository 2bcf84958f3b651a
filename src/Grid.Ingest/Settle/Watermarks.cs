using Grid.Domain;

namespace Grid.Ingest;

/// <summary>
/// Each meter's newest stored reading, as this process last saw it. A reading newer than its meter's mark needs no look-up;
/// a mark that lags behind only costs one.
/// </summary>
internal sealed class Watermarks(IReadingStore store)
{
    private readonly Dictionary<MeterName, Reading?> _latest = [];

    public async Task LoadAsync(IEnumerable<MeterName> meters, CancellationToken ct)
    {
        List<MeterName> unseen = [.. meters.Where(m => !_latest.ContainsKey(m))];
        if (unseen.Count == 0) return;
        var found = await store.LatestAsync(unseen, ct);
        foreach (var meter in unseen) _latest[meter] = found.GetValueOrDefault(meter);
    }

    /// <summary>Forgets meters that somebody else may have written to.</summary>
    public void Forget(IEnumerable<MeterName> meters)
    {
        foreach (var meter in meters) _latest.Remove(meter);
    }

    public Reading? Of(MeterName meter) => _latest.GetValueOrDefault(meter);

    public void Raise(MeterName meter, Reading? latest)
    {
        if (latest is not null && (Of(meter) is not { } held || held.At <= latest.At)) _latest[meter] = latest;
    }
}
