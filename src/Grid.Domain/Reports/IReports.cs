namespace Grid.Domain;

/// <summary>Monthly reports as they were sent. A stored report never changes; a correction is the next version.</summary>
public interface IReports
{
    /// <summary>The newest version for that month; null if there is none.</summary>
    Task<StoredReport?> LatestAsync(HouseholdId household, YearMonth month, CancellationToken ct);

    Task<IReadOnlyList<YearMonth>> MonthsAsync(HouseholdId household, CancellationToken ct);

    /// <summary>Stores each report as version n+1, unless its newest version already has these bytes.</summary>
    /// <returns>How many were new.</returns>
    Task<int> StoreAsync(IReadOnlyList<ReportDraft> reports, CancellationToken ct);
}

/// <param name="Json">The report, as UTF-8 JSON: the same inputs give the same bytes.</param>
public sealed record ReportDraft(HouseholdId Household, YearMonth Month, byte[] Json);

public sealed record StoredReport(HouseholdId Household, YearMonth Month, int Version, Instant CreatedAt, byte[] Json);
