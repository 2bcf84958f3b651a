namespace Grid.Analytics;

public enum ActionKind
{
    /// <summary>Heat to one degree Celsius less.</summary>
    Heating = 1,

    /// <summary>Draw a third less while everybody sleeps.</summary>
    StandBy = 2,

    /// <summary>Use a tenth of the peak hours' energy in off-peak hours.</summary>
    OffPeak = 3,
}

/// <summary>The one thing that would save a household most (METHOD.md rule 7.11).</summary>
/// <param name="YearlyEur">Whole euros a year.</param>
/// <param name="YearlyKwh">Energy that is not used, or used in other hours.</param>
public sealed record SavingAction(ActionKind Kind, int YearlyEur, int YearlyKwh)
{
    /// <summary>Less is not worth a word.</summary>
    public const int LeastYearlyEur = 5;

    private const decimal LessStandBy = 1 / 3m;
    private const decimal ShiftedShare = 0.1m;
    private const decimal HoursAYear = 8_766;
    private const decimal DaysAYear = 365.25m;

    /// <returns>Null if none is worth <see cref="LeastYearlyEur"/>.</returns>
    public static SavingAction? Best(ActionFacts facts)
    {
        List<SavingAction> all = [];
        if (facts.MeanEurPerKwh is { } price)
        {
            if (facts is { HeatingKwhPerDegree: { } slope, HeatingDays: { } days }) Add(ActionKind.Heating, (decimal)(slope * days), price);
            if (facts.StandByW is { } watts) Add(ActionKind.StandBy, watts * LessStandBy * HoursAYear / 1000, price);
        }

        if (facts.PeakWhPerDay is { } peak) Add(ActionKind.OffPeak, peak * ShiftedShare * DaysAYear / 1000, facts.PeakPremiumEurPerKwh);
        return all.Where(a => a.YearlyEur >= LeastYearlyEur).OrderByDescending(a => a.YearlyEur).ThenBy(a => a.Kind).FirstOrDefault();

        void Add(ActionKind kind, decimal kwh, decimal eurPerKwh) => all.Add(new(kind, (int)decimal.Floor(kwh * eurPerKwh), (int)decimal.Floor(kwh)));
    }
}

/// <param name="MeanEurPerKwh">Of the month; null if it is not priced as a whole.</param>
/// <param name="HeatingKwhPerDegree">A degree Celsius and day, by the baseline's model; null where it finds no heating.</param>
/// <param name="HeatingDays">Days of the last 365 that were colder than the model's balance point.</param>
/// <param name="PeakWhPerDay">Energy of the month's peak hours; null with a contract of other kind than peak and off-peak.</param>
/// <param name="PeakPremiumEurPerKwh">What a kWh costs more in them.</param>
public sealed record ActionFacts(decimal? MeanEurPerKwh, double? HeatingKwhPerDegree, int? HeatingDays, long? StandByW, decimal? PeakWhPerDay, decimal PeakPremiumEurPerKwh);
