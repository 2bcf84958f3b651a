namespace Grid.Domain;

/// <summary>What operators read about gateways that do not do as they should.</summary>
public interface IGatewayReports
{
    /// <summary>Notes gaps by gateway, epoch and first missing number: a later note of the same gap replaces the earlier one, but lost remains lost.</summary>
    Task NoteAsync(IReadOnlyCollection<Gap> gaps, CancellationToken ct);

    /// <summary>Notes numbers that gateways declared lost: gaps of which nothing else is missing end so, also where another node saw no more than that.</summary>
    Task NoteLostAsync(IReadOnlyCollection<(GatewayEpoch Epoch, SequenceRange Numbers)> lost, Instant at, CancellationToken ct);

    /// <summary>Notes clocks, the latest word on each gateway.</summary>
    Task NoteAsync(IReadOnlyCollection<ClockSkew> skews, CancellationToken ct);

    /// <summary>Gaps noticed from <paramref name="from"/> to before <paramref name="to"/>, in that order; or only those that are still open.</summary>
    IAsyncEnumerable<Gap> GapsAsync(Instant from, Instant to, bool openOnly, CancellationToken ct);

    Task<IReadOnlyList<ClockSkew>> SkewsAsync(CancellationToken ct);
}

/// <summary>Message numbers of one epoch that had not come when the reorder window was over.</summary>
/// <param name="End">Null while any of them is missing.</param>
public sealed record Gap(GatewayName Gateway, long Epoch, SequenceRange Missing, Instant NoticedAt, GapEnd? End = null, Instant? EndedAt = null);

public enum GapEnd
{
    /// <summary>They came after all.</summary>
    Filled = 1,

    /// <summary>The gateway said that some of them will never come, or has begun too many epochs since: no energy is lost, only its course in time.</summary>
    Lost = 2,
}

/// <summary>A gateway whose clock differs from ours.</summary>
/// <param name="AheadMs">How far its stamps are ahead; negative if behind.</param>
/// <param name="EndedAt">Null while it differs.</param>
public sealed record ClockSkew(GatewayName Gateway, long AheadMs, Instant NoticedAt, Instant? EndedAt = null);
