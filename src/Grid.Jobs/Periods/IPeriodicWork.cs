using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Work that has one result for each period, computed again when what it is made from has changed.</summary>
public interface IPeriodicWork
{
    /// <summary>The job's name in the registry.</summary>
    string Job { get; }

    /// <summary>Every period that can have a result by now. Each is asked for when those before it are committed, whose results it may build on.</summary>
    IAsyncEnumerable<DuePeriod> PeriodsAsync(CancellationToken ct);

    Task<PeriodResult> ComputeAsync(string period, IProgress<(int Done, int Total)> progress, CancellationToken ct);
}

/// <param name="Inputs">Changes when the period has to be computed again.</param>
public sealed record DuePeriod(string Period, string Inputs);

/// <param name="Shown">What the results let be seen of other homes.</param>
public sealed record PeriodResult(IReadOnlyList<ResultDraft> Results, IReadOnlyList<ShownGroup> Shown)
{
    public PeriodResult(IReadOnlyList<ResultDraft> results)
        : this(results, [])
    {
    }

    /// <summary>In words, where the number of results does not say it.</summary>
    public string? Outcome { get; init; }
}
