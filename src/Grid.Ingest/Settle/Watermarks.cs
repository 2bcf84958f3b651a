using Grid.Domain;

namespace Grid.Ingest;

/// <summary>
/// Each meter's newest stored reading. A reading newer than its meter's mark needs no look-up: so a mark must not lag behind,
/// and who is not certain of one forgets it.
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

    /// <summary>Somebody else may have written, to any meter.</summary>
    public void ForgetAll() => _latest.Clear();

    public void Forget(IEnumerable<MeterName> meters)
    {
        foreach (var meter in meters) _latest.Remove(meter);
    }

    public Reading? Of(MeterName meter) => _latest.GetValueOrDefault(meter);

    public void Set(MeterName meter, Reading latest) => _latest[meter] = latest;
}
