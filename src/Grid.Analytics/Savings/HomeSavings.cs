using System.Text.Json;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What a household saved in a month, and since the change (METHOD.md rules 5.9 to 5.12 and 5.15). kWh.</summary>
/// <param name="Month"><c>2026-10</c>.</param>
/// <param name="BaselineFirst">First local day of the baseline.</param>
/// <param name="BaselineLast">Its last.</param>
/// <param name="Card">Null if there is no model.</param>
/// <param name="OfMonth">Of the month alone.</param>
/// <param name="SinceStart">Of the months from the change on, twelve at most.</param>
public sealed record HomeSavings(string Household, string Month, string BaselineFirst, string BaselineLast, ModelCard? Card, SavedEnergy OfMonth, SavedEnergy SinceStart)
{
    /// <param name="totals">The household's of the month, by day.</param>
    /// <param name="start">The day of the change; what is before it in the month counts for nothing.</param>
    /// <param name="earlier">The months since the change, eleven at most.</param>
    public static HomeSavings Of(
        HomeBaseline baseline, YearMonth month, LocalDate start, IReadOnlyDictionary<LocalDate, DayTotal> totals, IReadOnlyDictionary<LocalDate, DailyTemperature> celsius,
        IEnumerable<HomeSavings> earlier, LocalCalendar calendar)
    {
        var interval = month.ToDateInterval();
        var first = LocalDate.Max(interval.Start, start.PlusDays(1));
        List<HomeSavings> before = [.. earlier];
        var feedsIn = HomeBaseline.FeedsIn(totals, first, interval.End);
        var everFeedsIn = feedsIn + before.SelectMany(e => e.OfMonth.Reasons).Where(r => r.Code is Sufficiency.FeedsIn).Sum(r => r.Figure ?? 0);
        var ofMonth = SavingsEstimate.Of(FailedIf(feedsIn), HouseholdUse.Days(totals, celsius, first, interval.End, calendar));
        var since = ofMonth.Avoided is { } avoided ? AvoidedUse.Sum(baseline.Fit.Statistics!, [.. before.Select(e => e.OfMonth.Sums()), avoided]) : null;
        return new(
            baseline.Household, MonthlyReport.Name(month), baseline.First, baseline.Last, ModelCard.Of(baseline.Fit), SavedEnergy.Of(ofMonth),
            SavedEnergy.Of(SavingsEstimate.Of(FailedIf(everFeedsIn), since)));

        Baseline FailedIf(double daysOfFeedingIn) => baseline.Fit.FailedIfFeedingIn(daysOfFeedingIn);
    }

    public static ResultKey Key(HouseholdId household, YearMonth month) => new(ResultKind.Savings, household, MonthlyReport.Name(month));

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SavingsJson.Default.HomeSavings);

    public static HomeSavings FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, SavingsJson.Default.HomeSavings)
        ?? throw new JsonException("Stored savings are null.");
}

/// <summary>What a reader needs to judge a model by (METHOD.md rules 5.8 and 5.12).</summary>
/// <param name="BalanceHeatingC">Degrees Celsius below which heating counts; null if cold days use no more.</param>
/// <param name="HeatingKwhPerDegree">For each degree Celsius and day.</param>
public sealed record ModelCard(
    ModelGrade Grade, double CvRmse, double Nmbe, double AdjustedR2, int Days, bool DependsOnWeather, double BaseKwhPerDay,
    double? BalanceHeatingC, double? HeatingKwhPerDegree, double? BalanceCoolingC, double? CoolingKwhPerDegree)
{
    private const double FahrenheitPerCelsius = 1.8;

    public static ModelCard? Of(Baseline baseline) => baseline is { Model: { } model, Statistics: { } fit }
        ? new(
            fit.Grade, fit.CvRmse, fit.Nmbe, fit.AdjustedR2, fit.Days, fit.DependsOnWeather, model.BasePerDay,
            model.Heating is { } h ? UseDay.Celsius(h.BalanceF) : null, model.Heating?.PerDegreeDay * FahrenheitPerCelsius,
            model.Cooling is { } c ? UseDay.Celsius(c.BalanceF) : null, model.Cooling?.PerDegreeDay * FahrenheitPerCelsius)
        : null;
}

/// <summary>Energy expected and used over some days. kWh.</summary>
/// <param name="Days">Days with use and temperature: only they are in the sums.</param>
/// <param name="BandKwh">Half the width of the 90 % interval around what was saved; null if it cannot be computed.</param>
/// <param name="Reasons">Why there is no verdict.</param>
public sealed record SavedEnergy(
    int Days, int MaskedDays, double BaseKwh, double HeatingKwh, double CoolingKwh, double UsedKwh, double SavedKwh, double? BandKwh, Verdict Verdict,
    IReadOnlyList<SufficiencyReason> Reasons)
{
    public static SavedEnergy Of(SavingsEstimate found) => found.Avoided is { } avoided
        ? new(
            avoided.Days, avoided.MaskedDays, avoided.Counterfactual.Base, avoided.Counterfactual.Heating, avoided.Counterfactual.Cooling, avoided.Observed, avoided.Savings,
            avoided.Bands?.Fsu, found.Verdict, found.Reasons)
        : new(0, 0, 0, 0, 0, 0, 0, null, found.Verdict, found.Reasons);

    /// <summary>Its sums again, to be added to others'.</summary>
    public AvoidedUse Sums() => new(Days, MaskedDays, new(BaseKwh, HeatingKwh, CoolingKwh), UsedKwh, null);
}
