namespace Grid.Domain;

/// <summary>What jobs have found out. Written by <see cref="IJobRuns.CommitAsync"/> alone.</summary>
public interface IResults
{
    /// <param name="version">The newest unless said.</param>
    /// <returns>Null if there is none.</returns>
    Task<StoredResult?> FindAsync(ResultKey key, int? version, CancellationToken ct);

    /// <summary>Every version of a result, oldest first.</summary>
    Task<IReadOnlyList<StoredResult>> VersionsAsync(ResultKey key, CancellationToken ct);

    /// <summary>The newest version of each subject's result of a period, or of every period, in order of subject and period.</summary>
    Task<IReadOnlyList<StoredResult>> NewestAsync(ResultKind kind, string? period, CancellationToken ct);

    /// <summary>True if any subject has a result of this period.</summary>
    Task<bool> AnyAsync(ResultKind kind, string period, CancellationToken ct);

    /// <summary>Changes whenever a result of these periods does.</summary>
    Task<string> FingerprintAsync(ResultKind kind, IReadOnlyCollection<string> periods, CancellationToken ct);

    /// <summary>The periods that a subject has results of, newest first.</summary>
    Task<IReadOnlyList<string>> PeriodsAsync(ResultKind kind, HouseholdId? subject, CancellationToken ct);
}
