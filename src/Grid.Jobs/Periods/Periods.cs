namespace Grid.Jobs;

/// <summary>All periodic work in the order in which one builds on the other.</summary>
public sealed class Periods(PeriodRunner runner, IEnumerable<IPeriodicWork> works)
{
    /// <returns>How many results were new.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var stored = 0;
        foreach (var work in works) stored += await runner.RunAsync(work, ct);
        return stored;
    }
}
