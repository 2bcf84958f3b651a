using Grid.Analytics;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Server;

/// <param name="LookAt">What somebody should look at, and did not make it fail.</param>
/// <param name="Normalised">Null if no normal year was given.</param>
internal sealed record SavingsAnswer(
    SavingsEstimate Found, IReadOnlyList<SufficiencyReason> LookAt, (NormalisedSavings? Found, IReadOnlyList<SufficiencyReason> BaselineReasons, IReadOnlyList<SufficiencyReason> ReportingReasons)? Normalised);

/// <summary>One home's use from a file, by the day or by the bill.</summary>
internal interface IMeteredUse
{
    IReadOnlyList<SufficiencyReason> LookAt { get; }

    Baseline Fit(LocalDate first, LocalDate last);

    SavingsEstimate Estimate(Baseline baseline, LocalDate first, LocalDate last);
}

internal sealed class DailyHome(DailyUse use, IReadOnlyDictionary<LocalDate, DailyTemperature> fahrenheit, bool cooling) : IMeteredUse
{
    public static DailyHome Read(string path, IReadOnlyDictionary<LocalDate, DailyTemperature> fahrenheit, LocalCalendar calendar, bool gas, bool cooling) =>
        new(DailyUse.Of(SeriesFile.ReadValues(path).Select(v => new TimedValue(v.Start, v.Value)), calendar, zeroIsAValue: gas), fahrenheit, cooling);

    public IReadOnlyList<SufficiencyReason> LookAt => [.. Found("conflicting-values", use.Conflicts.Count), .. Found("interval-length-changes", use.IntervalChanges.Count)];

    public Baseline Fit(LocalDate first, LocalDate last) => Baseline.Fit(Days(first, last), first, last, cooling);

    public SavingsEstimate Estimate(Baseline baseline, LocalDate first, LocalDate last) => SavingsEstimate.Of(baseline, Days(first, last));

    private static IEnumerable<SufficiencyReason> Found(string code, int count) => count > 0 ? [new(code, count, 0)] : [];

    private IReadOnlyList<UseDay> Days(LocalDate first, LocalDate last) =>
    [
        .. Enumerable.Range(0, Period.DaysBetween(first, last) + 1).Select(d => first.PlusDays(d))
            .Select(day => new UseDay(day, use.Days.GetValueOrDefault(day), fahrenheit.GetValueOrDefault(day).Mean, fahrenheit.GetValueOrDefault(day).Share)),
    ];
}

internal sealed class BilledHome(BilledUse use, bool cooling) : IMeteredUse
{
    public static BilledHome Read(string path, IReadOnlyDictionary<LocalDate, DailyTemperature> fahrenheit, LocalCalendar calendar, bool bimonthly, bool gas, bool cooling) =>
        new(BilledUse.Of([.. SeriesFile.ReadBills(path, calendar).Select(b => new BilledPeriod(b.First, b.Next, b.Value, b.IsEstimated))], fahrenheit, bimonthly, zeroIsAValue: gas), cooling);

    public IReadOnlyList<SufficiencyReason> LookAt => use.Dropped;

    public Baseline Fit(LocalDate first, LocalDate last) => Baseline.FitBills(use.Within(first, last), first, last, cooling);

    public SavingsEstimate Estimate(Baseline baseline, LocalDate first, LocalDate last) => SavingsEstimate.Of(
        baseline, baseline is { Model: { } model, Statistics: { } fit } ? AvoidedUse.OfBills(model, fit, use.Within(first, last), Period.DaysBetween(first, last) + 1) : null);
}
