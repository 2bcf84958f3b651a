namespace Grid.Domain;

/// <summary>The aggregates' one home: household-days, and the marks that say which of them must be computed again.</summary>
public interface IHouseholdDays
{
    /// <summary>Marked days, oldest mark first: at most about <paramref name="limit"/> of them.</summary>
    Task<IReadOnlyList<TouchedDay>> TouchedAsync(int limit, CancellationToken ct);

    Task<int> CountTouchedAsync(CancellationToken ct);

    /// <summary>True if a day from <paramref name="from"/> to before <paramref name="to"/> is marked.</summary>
    Task<bool> AnyTouchedAsync(LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>
    /// Makes these days the whole truth and takes their marks away, in one transaction. A mark that was renewed since it was
    /// read stays, so that nothing that arrived in between is forgotten.
    /// </summary>
    Task ReplaceAsync(IReadOnlyList<HouseholdDay> days, IReadOnlyList<TouchedDay> settled, CancellationToken ct);

    /// <summary>A household's days from <paramref name="from"/> to before <paramref name="to"/>, in order; days never computed are absent.</summary>
    Task<IReadOnlyList<HouseholdDay>> ReadAsync(HouseholdId household, LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>Daily totals of every household in a period, without their slots.</summary>
    Task<IReadOnlyList<DayTotal>> TotalsAsync(LocalDate from, LocalDate to, CancellationToken ct);

    /// <summary>The first and last day that any household has; null if there is none.</summary>
    Task<(LocalDate First, LocalDate Last)?> SpanAsync(CancellationToken ct);

    /// <summary>Days that the copy for Grafana does not have yet, with a revision to confirm.</summary>
    Task<IReadOnlyList<UnpublishedDay>> UnpublishedAsync(int limit, CancellationToken ct);

    Task MarkPublishedAsync(IReadOnlyList<UnpublishedDay> days, CancellationToken ct);
}

/// <summary>A day of a meter that new readings touched.</summary>
/// <param name="Revision">Rises each time the day is touched again.</param>
public sealed record TouchedDay(MeterName Meter, LocalDate Day, long Revision);

/// <param name="ImportWh">Null if no slot is known.</param>
public sealed record DayTotal(HouseholdId Household, LocalDate Day, long? ImportWh, long? ExportWh, Quality Quality);

public sealed record UnpublishedDay(HouseholdDay Day, long Revision);
