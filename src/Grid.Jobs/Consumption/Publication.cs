using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Copies finished household-days to where Grafana reads, if there is such a place.</summary>
public sealed class Publication(IHouseholdDays days, CurrentRegistry registry, IEnumerable<IAggregateCopy> copies)
{
    private const int DaysARound = 2_000;

    /// <returns>How many days were copied.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        List<IAggregateCopy> places = [.. copies];
        if (places.Count == 0) return 0;
        var unpublished = await days.UnpublishedAsync(DaysARound, ct);
        if (unpublished.Count == 0) return 0;
        foreach (var place in places) await place.PublishAsync([.. unpublished.Select(u => u.Day)], registry.Snapshot.Calendar, ct);
        await days.MarkPublishedAsync(unpublished, ct);
        return unpublished.Count;
    }
}
