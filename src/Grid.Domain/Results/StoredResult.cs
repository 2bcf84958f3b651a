namespace Grid.Domain;

/// <summary>What a job's result is.</summary>
public enum ResultKind : short
{
    /// <summary>A household's month, as it was told.</summary>
    Report = 1,

    /// <summary>What a household would use, by the weather.</summary>
    Baseline = 2,

    /// <summary>What a household saved in a month.</summary>
    Savings = 3,

    /// <summary>Whom a household is compared with.</summary>
    Cohort = 4,

    /// <summary>What is expected of the next day.</summary>
    Forecast = 5,

    /// <summary>What a household's month cost, and what its savings are worth.</summary>
    Costs = 6,

    /// <summary>What a household's month counts with in figures about many. Nobody but Grid sees it, and it stands once it is there (METHOD.md rule 2.6).</summary>
    Counted = 7,

    /// <summary>The neighbourhood's month and its buildings', for everybody.</summary>
    Neighbourhood = 8,

    /// <summary>What all homes saved together in a month.</summary>
    Portfolio = 9,

    /// <summary>The half-hours of a day that an event was judged by. Nobody but Grid sees it, and it stands once it is there (METHOD.md rule 6.9).</summary>
    EventDay = 10,

    /// <summary>The arms of a campaign as they were drawn, once for each month that homes were chosen by (METHOD.md rule 6.1).</summary>
    Arms = 11,
}

/// <param name="Subject">The household; null where it is the neighbourhood's.</param>
/// <param name="Period">As its job names periods, such as <c>2026-10</c>.</param>
public sealed record ResultKey(ResultKind Kind, HouseholdId? Subject, string Period);

/// <param name="Json">UTF-8: the same inputs give the same bytes.</param>
public sealed record ResultDraft(ResultKey Key, byte[] Json);

/// <summary>A result as it was committed. It never changes; a correction is the next version.</summary>
/// <param name="Version">From 1.</param>
/// <param name="Changes">What differs from the version before, as <see cref="JsonChanges"/> says it; null for the first.</param>
public sealed record StoredResult(ResultKey Key, int Version, Instant CreatedAt, byte[] Json, string? Changes);
