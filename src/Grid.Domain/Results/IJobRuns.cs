namespace Grid.Domain;

/// <summary>
/// Runs of jobs over periods. A run and its results are committed in one transaction, once for each (job, period, version), whatever is killed and
/// however many nodes try.
/// </summary>
public interface IJobRuns
{
    /// <summary>What each period's newest committed run was computed from.</summary>
    Task<IReadOnlyDictionary<string, string>> CommittedInputsAsync(string job, CancellationToken ct);

    /// <summary>The greatest, as text, of what a job's runs were begun with, however they ended; null if none was begun.</summary>
    Task<string?> GreatestInputsAsync(string job, CancellationToken ct);

    /// <summary>Begins the period's next version, or takes over one that was begun and not committed.</summary>
    /// <param name="inputs">Tells whether the period has to be computed again.</param>
    Task<JobRun> BeginAsync(string job, string period, string inputs, CancellationToken ct);

    /// <summary>Says how far a run has come.</summary>
    Task ProgressAsync(JobRun run, int done, int total, CancellationToken ct);

    /// <summary>Stores each result as the next version of its key, unless its newest version has these bytes, and ends the run.</summary>
    /// <param name="run">Its outcome in words, where the number of results does not say it.</param>
    /// <param name="shown">What the results let be seen of other homes, for the ledger; what it has already is not added again.</param>
    /// <returns>How many were new; null if another node has taken the run over, and then nothing is stored.</returns>
    /// <exception cref="ToldMeanwhileException">Something else was shown of these days since the run began, against which it was not held. Nothing is stored.</exception>
    Task<int?> CommitAsync(JobRun run, IReadOnlyList<ResultDraft> results, IReadOnlyList<ShownGroup> shown, CancellationToken ct);

    /// <summary>Ends a run without a result.</summary>
    Task FailAsync(JobRun run, string why, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<JobRun>> RecentAsync(int limit, CancellationToken ct);
}

public enum RunState : short
{
    Running = 1,
    Committed = 2,
    Failed = 3,
}

/// <param name="Node">The process that runs it: its machine, its id, and what parts it from others.</param>
/// <param name="Done">Of <paramref name="Total"/>; both 0 while nothing is known.</param>
/// <param name="Outcome">In words, once it has ended.</param>
public sealed record JobRun(
    string Job, string Period, int Version, string Inputs, RunState State, string Node, Instant StartedAt, Instant? EndedAt, int Done, int Total, string? Outcome)
{
    /// <summary>The ledger's newest note when it began: of later ones it may not know. 0 of runs of others.</summary>
    public long KnownReleases { get; init; }
}

public sealed class ToldMeanwhileException() : InvalidOperationException("Something else was told of the same days meanwhile; it has to be held against that too.");
