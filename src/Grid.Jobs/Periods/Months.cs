using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>The closed months that have data, and what changed in them.</summary>
public sealed class Months(IHouseholdDays days, ITemperatures temperatures, CurrentRegistry registry, TimeProvider clock)
{
    private const int MonthsBefore = 11;

    public LocalDate Today => registry.Snapshot.Calendar.DayOf(Instant.FromDateTimeOffset(clock.GetUtcNow()));

    /// <summary>Every month that is over and has data, oldest first, without those with a day left to compute.</summary>
    public async IAsyncEnumerable<YearMonth> ClosedAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (await days.SpanAsync(ct) is not var (first, last)) yield break;
        for (var month = first.ToYearMonth(); month.ToDateInterval().End < Today && month <= last.ToYearMonth(); month = month.PlusMonths(1))
            if (!await IsUnsettledAsync(month, ct)) yield return month;
    }

    public Task<bool> IsUnsettledAsync(YearMonth month, CancellationToken ct) => IsUnsettledAsync(FirstOf(month), FirstOf(month.PlusMonths(1)), ct);

    public Task<bool> IsUnsettledAsync(LocalDate from, LocalDate to, CancellationToken ct) => days.AnyTouchedAsync(from, to, ct);

    /// <summary>The names of the eleven months before: with the month itself, a year.</summary>
    public static IEnumerable<string> YearBefore(YearMonth month) => Enumerable.Range(1, MonthsBefore).Select(i => MonthlyReport.Name(month.PlusMonths(-i)));

    public static LocalDate FirstOf(YearMonth month) => month.OnDayOfMonth(1);

    public Task<string> FingerprintAsync(YearMonth month, CancellationToken ct) => FingerprintAsync(FirstOf(month), FirstOf(month.PlusMonths(1)), ct);

    /// <summary>Changes whenever the energy or the weather of these days does, or whose meter hung where in them.</summary>
    public async Task<string> FingerprintAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        var calendar = registry.Snapshot.Calendar;
        return $"{await days.FingerprintAsync(from, to, ct)},{Installs(from, to)},{await temperatures.FingerprintAsync(calendar.StartOf(from), calendar.StartOf(to), ct)}";
    }

    /// <summary>The neighbourhood's outdoor temperature of days, in degrees Celsius.</summary>
    public async Task<IReadOnlyDictionary<LocalDate, DailyTemperature>> CelsiusAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        var calendar = registry.Snapshot.Calendar;
        var hours = await temperatures.ReadAsync(calendar.StartOf(from), calendar.StartOf(to), ct);
        return DailyTemperature.Of(hours.Select(h => new TimedValue(h.Hour, h.Celsius)), calendar);
    }

    /// <summary>Days that another household has now have begun to count their revisions anew: these tell what those may not.</summary>
    public string Installs(LocalDate from, LocalDate to)
    {
        var calendar = registry.Snapshot.Calendar;
        Slot span = new(calendar.StartOf(from), calendar.StartOf(to));
        return Fingerprint(registry.Snapshot.Meters.Where(m => m.Kind is MeterKind.Main && m.Overlaps(span)).Select(m => FormattableString.Invariant($"{m.Meter} {m.Household} {m.From} {m.To}")));
    }

    /// <summary>Changes whenever a household is added, changed or removed.</summary>
    public string Households() => Fingerprint(registry.Snapshot.Households.Select(h => h.ToString()));

    /// <summary>The same on every node and in every run.</summary>
    public static string Fingerprint(IEnumerable<string> lines) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))).AsSpan(0, 8));
}
