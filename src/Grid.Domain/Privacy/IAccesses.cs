namespace Grid.Domain;

/// <summary>Which operator looked at what meters told, before it was handed over: what shows single homes leaves a trace (METHOD.md rule 3.8). Nothing is ever taken away from it.</summary>
public interface IAccesses
{
    /// <param name="account">Who looks.</param>
    /// <param name="what">What was asked for, such as "readings".</param>
    /// <param name="meter">Whose; null for all.</param>
    /// <param name="span">Of which time.</param>
    Task AddAsync(Guid account, string what, MeterName? meter, Slot span, CancellationToken ct);

    /// <summary>In the order in which they were noted.</summary>
    IAsyncEnumerable<Access> SinceAsync(Instant from, CancellationToken ct);
}

/// <param name="Email">The account's; null if it is no more.</param>
/// <param name="From">Of the time that was asked for, to before <paramref name="To"/>.</param>
public sealed record Access(Instant At, Guid Account, string? Email, string What, MeterName? Meter, Instant From, Instant To);
