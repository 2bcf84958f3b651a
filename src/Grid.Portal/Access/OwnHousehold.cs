using Grid.Analytics;
using Grid.Domain;

namespace Grid.Portal;

/// <summary>A household as one account may see it: only the days of its own tenancy, whatever is asked for.</summary>
internal sealed class OwnHousehold(Tenancy tenancy, IHouseholdDays days, IReports reports)
{
    public string Id => tenancy.Household.Id.Value;

    public Tenancy Tenancy => tenancy;

    /// <summary>The part of a range that the tenancy covers; null if there is none.</summary>
    public (LocalDate From, LocalDate To)? Visible(LocalDate from, LocalDate to)
    {
        var start = LocalDate.Max(from, tenancy.From);
        var end = tenancy.To is { } last ? LocalDate.Min(to, last) : to;
        return start < end ? (start, end) : null;
    }

    /// <summary>Days of a range, without those before the account moved in or after it moved out.</summary>
    public async Task<IReadOnlyList<HouseholdDay>> DaysAsync(LocalDate from, LocalDate to, CancellationToken ct) =>
        Visible(from, to) is { } part ? await days.ReadAsync(tenancy.Household.Id, part.From, part.To, ct) : [];

    /// <summary>The months whose reports the account may see, newest first: those it lived there from the first day to the last.</summary>
    public async Task<IReadOnlyList<YearMonth>> ReportMonthsAsync(CancellationToken ct) =>
        [.. (await reports.MonthsAsync(tenancy.Household.Id, ct)).Where(IsWhole).OrderDescending()];

    public async Task<OwnReport?> ReportAsync(YearMonth month, CancellationToken ct)
    {
        if (!IsWhole(month) || await reports.LatestAsync(tenancy.Household.Id, month, ct) is not { } stored) return null;
        var report = MonthlyReport.FromJson(stored.Json);
        // A year ago somebody else may have lived here, and what they used is theirs.
        if (IsWhole(month.PlusMonths(-12)) || report.YearBefore is null) return new(report, stored.Json);
        var own = report with { YearBefore = null, ChangePercent = null };
        return new(own, own.ToJson());
    }

    private bool IsWhole(YearMonth month)
    {
        var interval = month.ToDateInterval();
        return Visible(interval.Start, interval.End.PlusDays(1)) == (interval.Start, interval.End.PlusDays(1));
    }
}

/// <param name="Json">The bytes as stored, where the account may see all of them.</param>
internal sealed record OwnReport(MonthlyReport Report, byte[] Json);
