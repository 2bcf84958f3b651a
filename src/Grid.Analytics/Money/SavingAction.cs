using Grid.Domain;

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

        if (facts.Peak is { } peak) Add(ActionKind.OffPeak, peak.WhPerDay * ShiftedShare * DaysAYear / 1000, peak.PremiumEurPerKwh);
        return all.Where(a => a.YearlyEur >= LeastYearlyEur).OrderByDescending(a => a.YearlyEur).ThenBy(a => a.Kind).FirstOrDefault();

        void Add(ActionKind kind, decimal kwh, decimal eurPerKwh) => all.Add(new(kind, (int)decimal.Floor(kwh * eurPerKwh), (int)decimal.Floor(kwh)));
    }
}

/// <param name="MeanEurPerKwh">Of the month; null if it is not priced as a whole.</param>
/// <param name="HeatingKwhPerDegree">A degree Celsius and day, by the baseline's model; null where it finds no heating.</param>
/// <param name="HeatingDays">Days of the last 365 that were colder than the model's balance point; null without a baseline that is enough to build on.</param>
/// <param name="Peak">Null with a contract of another kind than peak and off-peak hours.</param>
public sealed record ActionFacts(decimal? MeanEurPerKwh, double? HeatingKwhPerDegree, int? HeatingDays, long? StandByW, PeakHours? Peak);

/// <param name="WhPerDay">Used in peak hours, over the days that have them.</param>
/// <param name="PremiumEurPerKwh">What a kWh costs more in them.</param>
public sealed record PeakHours(decimal WhPerDay, decimal PremiumEurPerKwh)
{
    /// <param name="days">Every day of the month, in order.</param>
    /// <returns>Null unless the contract of the last day has peak hours.</returns>
    public static PeakHours? Of(IReadOnlyList<HouseholdDay> days, MonthBill? bill, Pricing pricing)
    {
        if (bill is null || pricing.On(days[^1].Day) is not { Option: TariffOption.PeakOffPeak } tariff) return null;
        var wh = bill.Lines.Where(l => l.Period is PricePeriod.Peak).Sum(l => l.Wh);
        var with = days.Count(d => d.ImportWh is not null && pricing.On(d.Day) is { Option: TariffOption.PeakOffPeak });
        return with > 0 ? new((decimal)wh / with, tariff.PerKwh[PricePeriod.Peak] - tariff.PerKwh[PricePeriod.OffPeak]) : null;
    }
}
