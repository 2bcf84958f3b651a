using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Everything that a month's reports are made of.</summary>
/// <param name="Totals">Daily totals of the month and of the same month a year before, of all households.</param>
/// <param name="Temperatures">Hours of both months, as far as they are known.</param>
/// <param name="Cohorts">Whom each household is compared with; a household without one is compared with nobody.</param>
/// <param name="Shown">What has been shown of these days, to whom.</param>
public sealed record MonthFacts(
    YearMonth Month, IReadOnlyList<Household> Households, IReadOnlyList<DayTotal> Totals, IReadOnlyList<HourlyTemperature> Temperatures, LocalCalendar Calendar)
{
    public IReadOnlyDictionary<HouseholdId, Cohort> Cohorts { get; init; } = new Dictionary<HouseholdId, Cohort>();

    public IReadOnlyDictionary<HouseholdId, HomeSavings> Savings { get; init; } = new Dictionary<HouseholdId, HomeSavings>();

    public IReadOnlyDictionary<HouseholdId, HomeCosts> Costs { get; init; } = new Dictionary<HouseholdId, HomeCosts>();

    public IReadOnlyDictionary<HouseholdId, LoadFacts> Loads { get; init; } = new Dictionary<HouseholdId, LoadFacts>();

    public IReadOnlyList<ShownGroup> Shown { get; init; } = [];

    /// <summary>The households of each account that has more than one.</summary>
    public IReadOnlyList<IReadOnlySet<HouseholdId>> Shared { get; init; } = [];

    /// <summary>What households count with in figures about many, in watt-hours a day; those that are not there do not count (METHOD.md rule 2.6).</summary>
    public IReadOnlyDictionary<HouseholdId, long> Counted { get; init; } = new Dictionary<HouseholdId, long>();

    /// <summary>Households that were told of their neighbours in this month before there was a ledger: of whom is not known.</summary>
    public IReadOnlySet<HouseholdId> ToldBeforeTheLedger { get; init; } = new HashSet<HouseholdId>();

    public LocalDate From => Month.OnDayOfMonth(1);

    /// <summary>The day after the last.</summary>
    public LocalDate To => Month.PlusMonths(1).OnDayOfMonth(1);
}

/// <summary>What a month's days tell beyond their sum (METHOD.md rules 1.8 to 1.10).</summary>
public sealed record LoadFacts(PeakDemand? Peak, long? StandByW, MonthBalance? Balance = null)
{
    /// <param name="days">Of one household and month.</param>
    public static LoadFacts Of(IReadOnlyCollection<HouseholdDay> days, LocalCalendar calendar) => new(PeakDemand.Of(days, calendar), StandBy.Watts(days, calendar), MonthBalance.Of(days));
}

/// <param name="Shown">What the reports let be seen of other homes.</param>
public sealed record MonthResult(IReadOnlyList<MonthlyReport> Reports, IReadOnlyList<ShownGroup> Shown);
