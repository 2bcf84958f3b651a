namespace Grid.Domain;

/// <summary>The aggregates' one home: household-days, and the marks that say which of them must be computed again.</summary>
public interface IHouseholdDays
{
    /// <summary>Marked days, oldest mark first: at most about <paramref name="limit"/> of them.</summary>
    Task<IReadOnlyList<TouchedDay>> TouchedAsync(int limit, CancellationToken ct);

    Task<int> CountTouchedAsync(CancellationToken ct);

    /// <summary>True if a day from <paramref name="from"/> to before <paramref name="to"/> is marked.</summary>
    Task<bool> AnyTouchedAsync(LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>The oldest marked day; null if none is marked.</summary>
    Task<LocalDate?> FirstTouchedAsync(CancellationToken ct);

    /// <summary>
    /// Makes these days the whole truth and takes their marks away, in one transaction. A mark that was renewed since it was
    /// read stays, so that nothing that arrived in between is forgotten. A day that is what it was keeps its revision. Nothing is written if a mark is gone: another node has
    /// settled it.
    /// </summary>
    Task ReplaceAsync(IReadOnlyList<HouseholdDay> days, IReadOnlyList<TouchedDay> settled, CancellationToken ct);

    /// <summary>Days from <paramref name="from"/> to before <paramref name="to"/> that lean on other days.</summary>
    Task<IReadOnlyList<(HouseholdId Household, LocalDate Day)>> FilledAsync(LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>Changes whenever a day from <paramref name="from"/> to before <paramref name="to"/> is computed again.</summary>
    Task<string> FingerprintAsync(LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>A household's days from <paramref name="from"/> to before <paramref name="to"/>, in order; days never computed are absent.</summary>
    Task<IReadOnlyList<HouseholdDay>> ReadAsync(HouseholdId household, LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>Every household's days of a period with their slots, household by household, in order.</summary>
    IAsyncEnumerable<HouseholdDay> ReadAllAsync(LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>The first day of each household that has any energy.</summary>
    Task<IReadOnlyDictionary<HouseholdId, LocalDate>> FirstDaysAsync(CancellationToken ct);

    /// <summary>Daily totals of every household in a period, without their slots.</summary>
    Task<IReadOnlyList<DayTotal>> TotalsAsync(LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>The first and last day that any household has; null if there is none.</summary>
    Task<(LocalDate First, LocalDate Last)?> SpanAsync(CancellationToken ct);

    /// <summary>Days that the copy for Grafana does not have yet, with a revision to confirm.</summary>
    Task<IReadOnlyList<RevisedDay>> UnpublishedAsync(int limit, CancellationToken ct);

    Task MarkPublishedAsync(IReadOnlyList<RevisedDay> days, CancellationToken ct);

    /// <summary>Days whose invariants nobody has checked since they were computed, without those that are marked.</summary>
    Task<IReadOnlyList<RevisedDay>> UncheckedAsync(int limit, CancellationToken ct);

    /// <summary>Ends the check of these days: what they violate is kept until a check finds it gone.</summary>
    Task MarkCheckedAsync(IReadOnlyList<RevisedDay> days, IReadOnlyList<Violation> violations, CancellationToken ct);

    /// <summary>What is violated now.</summary>
    Task<IReadOnlyList<Violation>> ViolationsAsync(int limit, CancellationToken ct);
}

/// <summary>A day of a meter that new readings touched.</summary>
/// <param name="Revision">Rises each time the day is touched again.</param>
public sealed record TouchedDay(MeterName Meter, LocalDate Day, long Revision);

/// <param name="ImportWh">Null if no slot is known.</param>
/// <param name="KnownSlots">That the sums are of.</param>
/// <param name="MeasuredSlots">Of these, those with nothing filled in.</param>
public sealed record DayTotal(HouseholdId Household, LocalDate Day, long? ImportWh, long? ExportWh, Quality Quality, int KnownSlots, int MeasuredSlots);

/// <param name="Revision">Rises each time the day is computed.</param>
public sealed record RevisedDay(HouseholdDay Day, long Revision);

/// <summary>A household-day whose slots do not add up to its registers (METHOD.md rule 1.12).</summary>
/// <param name="SlotsWh">Null where the day is not known.</param>
public sealed record Violation(HouseholdId Household, LocalDate Day, long RegisterWh, long? SlotsWh, Instant NoticedAt);
