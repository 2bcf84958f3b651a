namespace Grid.Domain;

/// <summary>What was refused, kept for operators: to read, and to have it go through ingest again once the cause is mended.</summary>
public interface IQuarantine
{
    /// <summary>Items in the order of their arrival.</summary>
    IAsyncEnumerable<QuarantinedItem> ReadAsync(QuarantineFilter filter, CancellationToken ct);

    /// <summary>Asks to have items go through ingest again, even if they did so before.</summary>
    Task AskReplayAsync(IReadOnlyCollection<string> ids, Instant at, CancellationToken ct);

    /// <summary>What is asked for and not done, in the order of arrival.</summary>
    Task<IReadOnlyList<QuarantinedItem>> AskedAsync(int limit, CancellationToken ct);

    /// <summary>Notes that items have gone through again, whatever became of them.</summary>
    Task MarkReplayedAsync(IReadOnlyCollection<string> ids, Instant at, CancellationToken ct);

    /// <summary>
    /// Holds each gateway to its bounds, from its newest item back: bodies beyond <paramref name="maxBodies"/> items or
    /// <paramref name="maxBodyBytes"/> are dropped, items beyond <paramref name="maxItems"/> forgotten. What waits to be replayed stays.
    /// </summary>
    /// <returns>How many items were forgotten.</returns>
    Task<int> TrimAsync(int maxBodies, long maxBodyBytes, int maxItems, CancellationToken ct);
}

/// <summary>Which items; null is any.</summary>
/// <param name="From">First instant of arrival.</param>
/// <param name="To">Instant after the last.</param>
public sealed record QuarantineFilter(Instant? From = null, Instant? To = null, Reason? Reason = null, GatewayName? Gateway = null, string? Id = null);
