using System.Runtime.CompilerServices;
using Grid.Domain;

namespace Grid.UnitTests.Portal;

/// <summary>What the portal reads, held in memory.</summary>
public sealed class FakePorts : ITenancies, IHouseholdDays, IResults, IReadingStore, IQuarantine, IGatewayReports, IRegistry, IAccesses
{
    public IList<Tenancy> Tenancies { get; } = [];

    public IList<HouseholdDay> Days { get; } = [];

    public IList<StoredResult> Reports { get; } = [];

    public IList<Reading> Readings { get; } = [];

    public IList<QuarantinedItem> Quarantined { get; } = [];

    public IList<Gap> Gaps { get; } = [];

    public IList<ClockSkew> Skews { get; } = [];

    public IList<MeterInstall> Meters { get; } =
        [new(MeterName.Parse("issy-0042"), MeterKind.Main, GatewayName.Parse("gw-1"), AHome.Household.Id, Instant.FromUtc(2025, 9, 1, 0, 0), null)];

    public IList<(Guid Account, string What, MeterName? Meter, Slot Span)> Accesses { get; } = [];

    public string TimeZone { get; set; } = "Europe/Paris";

    public Task<Tenancy?> FindAsync(Guid account, HouseholdId household, CancellationToken ct) =>
        Task.FromResult(Tenancies.FirstOrDefault(t => t.Account == account && t.Household.Id == household));

    public Task<IReadOnlyList<Tenancy>> OfAsync(Guid account, CancellationToken ct) => List(Tenancies.Where(t => t.Account == account));

    public Task<IReadOnlyList<IReadOnlySet<HouseholdId>>> SharedAsync(LocalDate from, LocalDate to, CancellationToken ct) => throw new NotSupportedException();

    public Task<int> CountAsync(HouseholdId household, LocalDate from, CancellationToken ct) => throw new NotSupportedException();

    public Task AddAsync(Guid account, string what, MeterName? meter, Slot span, CancellationToken ct)
    {
        Accesses.Add((account, what, meter, span));
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<Access> SinceAsync(Instant from, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<LocalDate>> MovesAsync(HouseholdId household, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<HouseholdDay>> ReadAsync(HouseholdId household, LocalDate from, LocalDate to, CancellationToken ct) =>
        List(Days.Where(d => d.Household == household && from <= d.Day && d.Day < to).OrderBy(d => d.Day));

    public Task<IReadOnlyList<MeterName>> MetersAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task ForgetAsync(Instant before, CancellationToken ct) => throw new NotSupportedException();

    public Task<LocalDate?> FirstTouchedAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<StoredResult?> FindAsync(ResultKey key, int? version, CancellationToken ct) =>
        Task.FromResult(Reports.Where(r => r.Key == key && (version is null || r.Version == version)).MaxBy(r => r.Version));

    public Task<IReadOnlyList<StoredResult>> VersionsAsync(ResultKey key, CancellationToken ct) => List(Reports.Where(r => r.Key == key).OrderBy(r => r.Version));

    public Task<IReadOnlyList<string>> PeriodsAsync(ResultKind kind, HouseholdId? subject, CancellationToken ct) =>
        List(Reports.Where(r => r.Key.Kind == kind && r.Key.Subject == subject).Select(r => r.Key.Period).Distinct(StringComparer.Ordinal));

    public Task<IReadOnlyList<StoredResult>> NewestAsync(ResultKind kind, string? period, CancellationToken ct) => throw new NotSupportedException();

    public Task<bool> AnyAsync(ResultKind kind, string period, CancellationToken ct) => throw new NotSupportedException();

    public Task<string> FingerprintAsync(ResultKind kind, IReadOnlyCollection<string> periods, CancellationToken ct) => throw new NotSupportedException();

    public async IAsyncEnumerable<Reading> ReadAsync(MeterName meter, Instant from, Instant to, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var reading in Readings.Where(r => r.Meter == meter && from <= r.At && r.At < to))
        {
            await Task.Yield();
            yield return reading;
        }
    }

    public async IAsyncEnumerable<QuarantinedItem> ReadAsync(QuarantineFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var item in Quarantined.Where(q => filter.From <= q.ReceivedAt && q.ReceivedAt < filter.To && (filter.Reason is null || q.Reason == filter.Reason)))
        {
            await Task.Yield();
            yield return item;
        }
    }

    public Task AskReplayAsync(IReadOnlyCollection<string> ids, Instant at, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<QuarantinedItem>> AskedAsync(int limit, CancellationToken ct) => throw new NotSupportedException();

    public Task MarkReplayedAsync(IReadOnlyCollection<string> ids, Instant at, CancellationToken ct) => throw new NotSupportedException();

    public Task<int> TrimAsync(int maxBodies, long maxBodyBytes, int maxItems, CancellationToken ct) => throw new NotSupportedException();

    public IAsyncEnumerable<Gap> GapsAsync(Instant from, Instant to, bool openOnly, CancellationToken ct) =>
        Gaps.Where(g => from <= g.NoticedAt && g.NoticedAt < to && (!openOnly || g.End is null)).ToAsyncEnumerable();

    public Task<IReadOnlyList<ClockSkew>> SkewsAsync(CancellationToken ct) => List(Skews);

    public Task NoteAsync(IReadOnlyCollection<Gap> gaps, CancellationToken ct) => throw new NotSupportedException();

    public Task NoteLostAsync(IReadOnlyCollection<(GatewayEpoch Epoch, SequenceRange Numbers)> lost, Instant at, CancellationToken ct) => throw new NotSupportedException();

    public Task NoteAsync(IReadOnlyCollection<ClockSkew> skews, CancellationToken ct) => throw new NotSupportedException();

    public Task<long> VersionAsync(CancellationToken ct) => Task.FromResult(1L);

    public Task<RegistrySnapshot> ReadAsync(CancellationToken ct) => Task.FromResult(new RegistrySnapshot(1, "Fort d’Issy", TimeZone, [], [.. Meters], []));

    public Task<IReadOnlyList<TouchedDay>> TouchedAsync(int limit, CancellationToken ct) => throw new NotSupportedException();

    public Task<int> CountTouchedAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<bool> AnyTouchedAsync(LocalDate from, LocalDate to, CancellationToken ct) => throw new NotSupportedException();

    public Task ReplaceAsync(IReadOnlyList<HouseholdDay> days, IReadOnlyList<TouchedDay> settled, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<DayTotal>> TotalsAsync(LocalDate from, LocalDate to, CancellationToken ct) => throw new NotSupportedException();

    public Task<(LocalDate First, LocalDate Last)?> SpanAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<RevisedDay>> UnpublishedAsync(int limit, CancellationToken ct) => throw new NotSupportedException();

    public Task MarkPublishedAsync(IReadOnlyList<RevisedDay> days, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<(HouseholdId Household, LocalDate Day)>> FilledAsync(LocalDate from, LocalDate to, CancellationToken ct) => throw new NotSupportedException();

    public Task<string> FingerprintAsync(LocalDate from, LocalDate to, CancellationToken ct) => throw new NotSupportedException();

    public IAsyncEnumerable<HouseholdDay> ReadAllAsync(LocalDate from, LocalDate to, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<HouseholdId, LocalDate>> FirstDaysAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<RevisedDay>> UncheckedAsync(int limit, CancellationToken ct) => throw new NotSupportedException();

    public Task MarkCheckedAsync(IReadOnlyList<RevisedDay> days, IReadOnlyList<Violation> violations, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<Violation>> ViolationsAsync(int limit, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<RefusedReading>> WriteAsync(IReadOnlyList<Reading> readings, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<Reading>> ReadAroundAsync(MeterName meter, Instant from, Instant to, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<MeterName, Reading>> LatestAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct) => throw new NotSupportedException();

    public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;

    private static Task<IReadOnlyList<T>> List<T>(IEnumerable<T> items) => Task.FromResult<IReadOnlyList<T>>([.. items]);
}
