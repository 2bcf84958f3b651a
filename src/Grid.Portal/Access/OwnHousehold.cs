using Grid.Analytics;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Portal;

/// <summary>A household as one account may see it: only the days of its own tenancy, whatever is asked for.</summary>
internal sealed class OwnHousehold(Tenancy tenancy, IHouseholdDays days, IResults results)
{
    private static readonly string[] Unshaped = [Quality.Measured.Name(), Quality.Interpolated.Name()];

    public string Id => tenancy.Household.Id.Value;

    public Tenancy Tenancy => tenancy;

    /// <summary>The part of a range that the tenancy covers; null if there is none.</summary>
    public (LocalDate From, LocalDate To)? Visible(LocalDate from, LocalDate to)
    {
        var start = LocalDate.Max(from, tenancy.From);
        var end = tenancy.To is { } last ? LocalDate.Min(to, last) : to;
        return start < end ? (start, end) : null;
    }

    /// <summary>Days of a range, without those before the account moved in or after it moved out, and without what the people then have lent to gaps.</summary>
    public async Task<IReadOnlyList<HouseholdDay>> DaysAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        if (Visible(from, to) is not { } part) return [];
        // A gap is spread whole, also where it reaches out of the range.
        var wide = Visible(part.From.PlusDays(-FlatGaps.GapDays), part.To.PlusDays(FlatGaps.GapDays))!.Value;
        if (!LeansOut(wide.From) && !LeansOut(wide.To)) wide = part;
        var known = await days.ReadAsync(tenancy.Household.Id, wide.From, wide.To, ct);
        return [.. FlatGaps.Of(known, LeansOut).Where(d => part.From <= d.Day && d.Day < part.To)];
    }

    private bool LeansOut(LocalDate day) => day < tenancy.From.PlusDays(FlatGaps.ReachDays) || (tenancy.To is { } end && day >= end.PlusDays(-FlatGaps.ReachDays));

    /// <summary>The months whose reports the account may see, newest first: those it lived there from the first day to the last.</summary>
    public async Task<IReadOnlyList<YearMonth>> ReportMonthsAsync(CancellationToken ct) =>
        [.. (await results.PeriodsAsync(ResultKind.Report, tenancy.Household.Id, ct)).Select(MonthlyReport.MonthOf).Where(IsWhole).OrderDescending()];

    /// <param name="version">The newest unless said.</param>
    public async Task<OwnReport?> ReportAsync(YearMonth month, CancellationToken ct, int? version = null) =>
        IsWhole(month) && await results.FindAsync(MonthlyReport.Key(tenancy.Household.Id, month), version, ct) is { } stored ? Own(month, stored, await FlatAsync(month, ct)) : null;

    /// <summary>Every version of a month's report, oldest first.</summary>
    public async Task<IReadOnlyList<OwnReport>> ReportVersionsAsync(YearMonth month, CancellationToken ct) =>
        IsWhole(month) && await results.VersionsAsync(MonthlyReport.Key(tenancy.Household.Id, month), ct) is { Count: > 0 } versions && await FlatAsync(month, ct) is var flat
            ? [.. versions.Select(v => Own(month, v, flat))]
            : [];

    /// <summary>The month's days as rule 1.13 has them; null if the month lies too far from a move for that.</summary>
    private async Task<IReadOnlyList<HouseholdDay>?> FlatAsync(YearMonth month, CancellationToken ct)
    {
        var interval = month.ToDateInterval();
        return LeansOut(interval.Start) || LeansOut(interval.End) ? await DaysAsync(interval.Start, interval.End.PlusDays(1), ct) : null;
    }

    private OwnReport Own(YearMonth month, StoredResult stored, IReadOnlyList<HouseholdDay>? flat)
    {
        var report = MonthlyReport.FromJson(stored.Json);
        var own = report;
        // A gap near a move may have been given the shape of other people's days; a bill by the hour and its CO2 are made of that shape.
        if (flat is not null && !Unshaped.Contains(report.Energy.Quality, StringComparer.Ordinal))
        {
            own = own with
            {
                DailyWh = report.DailyWh is null ? null : [.. month.ToDateInterval().Select(day => flat.FirstOrDefault(d => d.Day == day)?.ImportWh)],
                Costs = report.Costs is { } shaped ? shaped with { Bill = null, Carbon = null, OfMonth = null, SinceStart = null, Action = null } : null,
            };
        }

        // Before it moved in somebody else may have lived here, and what they used is theirs.
        if (report.YearBefore is not null && !IsWhole(month.PlusMonths(-12))) own = own with { YearBefore = null, ChangePercent = null };
        if (report.Savings is { } savings && !tenancy.Covers(LocalDatePattern.Iso.Parse(savings.BaselineFirst).Value))
            own = own with { Savings = null, Costs = own.Costs is { } costs ? costs with { BaselineFirst = null, OfMonth = null, SinceStart = null, Action = null } : null };
        return ReferenceEquals(own, report) ? new(report, stored.Json, stored.Version, stored.CreatedAt) : new(own, own.ToJson(), stored.Version, stored.CreatedAt);
    }

    /// <summary>What is expected of a day; null where nothing is told, or where days before the account moved in would tell it.</summary>
    public async Task<NextDay?> NextDayAsync(LocalDate day, CancellationToken ct) =>
        tenancy.Covers(day) && tenancy.Covers(day.PlusDays(-NextDay.LooksBackDays)) && await results.FindAsync(NextDay.Key(tenancy.Household.Id, day), version: null, ct) is { } stored
            ? NextDay.FromJson(stored.Json)
            : null;

    private bool IsWhole(YearMonth month)
    {
        var interval = month.ToDateInterval();
        return Visible(interval.Start, interval.End.PlusDays(1)) == (interval.Start, interval.End.PlusDays(1));
    }
}

/// <param name="Json">The bytes as stored, where the account may see all of them.</param>
internal sealed record OwnReport(MonthlyReport Report, byte[] Json, int Version, Instant CreatedAt);
