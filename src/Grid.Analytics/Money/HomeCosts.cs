using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Analytics;

/// <summary>What a household's month cost and emitted, and what its savings are worth (METHOD.md section 7).</summary>
/// <param name="Month"><c>2026-10</c>.</param>
/// <param name="BaselineFirst">Of the baseline that the savings are held against; null without one.</param>
/// <param name="Bill">Null without a contract in the month.</param>
/// <param name="Carbon">Null where no intensity is known.</param>
/// <param name="OfMonth">Of the month's savings; null without any.</param>
/// <param name="SinceStart">Of the savings since the change, twelve months at most.</param>
/// <param name="Action">Null if none is worth a word.</param>
public sealed record HomeCosts(
    string Household, string Month, string? BaselineFirst, MonthBill? Bill, MonthCarbon? Carbon, SavedWorth? OfMonth, SavedWorth? SinceStart, SavingAction? Action)
{
    public static ResultKey Key(HouseholdId household, YearMonth month) => new(ResultKind.Costs, household, MonthlyReport.Name(month));

    /// <param name="days">The household's, of the month.</param>
    /// <param name="heats">Its nights may hold heating, so that their floor is no stand-by.</param>
    /// <param name="earlier">Of the months since the change against the same baseline, eleven at most.</param>
    public static HomeCosts Of(HouseholdId household, YearMonth month, IReadOnlyList<HouseholdDay> days, bool heats, Pricing pricing, GridIntensity intensity, SavedFacts? saved,
        IEnumerable<HomeCosts> earlier, LocalCalendar calendar)
    {
        var known = days.ToDictionary(d => d.Day);
        // A day of which nothing came has no row, and is a part of the month.
        List<HouseholdDay> whole = [.. month.ToDateInterval().Select(day => known.GetValueOrDefault(day) ?? new(household, day, [.. calendar.SlotsOf(day).Select(_ => SlotEnergy.Unknown)]))];
        Dictionary<LocalDate, DayWorth> worths = [];
        foreach (var day in days)
            if (DayWorth.Of(day, pricing, intensity, calendar) is { } worth) worths.Add(day.Day, worth);
        var bill = whole.Exists(d => pricing.On(d.Day) is not null) ? MonthBill.Of(Analytics.Bill.Of(whole, pricing, calendar)) : null;
        var ofMonth = saved is null ? null : SavedWorth.Of(saved.Model, saved.Days, worths, saved.Savings.OfMonth.BandKwh);
        List<SavedWorth> since = [.. earlier.Select(e => e.OfMonth).OfType<SavedWorth>()];
        if (ofMonth is not null) since.Add(ofMonth);
        return new(
            household.Value, MonthlyReport.Name(month), saved?.Savings.BaselineFirst, bill, MonthCarbon.Of(days, worths, intensity), ofMonth,
            saved is null ? null : SavedWorth.Sum(since, saved.Savings.SinceStart.BandKwh), SavingAction.Best(Facts(bill, heats ? null : StandBy.Watts(days, calendar), PeakHours.Of(whole, bill, pricing), saved)));
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, CostsJson.Default.HomeCosts);

    public static HomeCosts FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, CostsJson.Default.HomeCosts)
        ?? throw new JsonException("Stored costs are null.");

    private static ActionFacts Facts(MonthBill? bill, long? standByW, PeakHours? peak, SavedFacts? saved)
    {
        var card = saved?.Savings.Card is { DependsOnWeather: true, Grade: not ModelGrade.D } trusted ? trusted : null;
        return new(bill is { IsComplete: true } ? bill.MeanEurPerKwh : null, card?.HeatingKwhPerDegree, saved?.HeatingDays, standByW, peak);
    }
}

/// <summary>What the savings of a household's month are made of.</summary>
/// <param name="Days">The month's reporting days.</param>
/// <param name="HeatingDays">See <see cref="ActionFacts"/>.</param>
public sealed record SavedFacts(HomeSavings Savings, BaselineModel Model, IReadOnlyList<UseDay> Days, int? HeatingDays);

/// <param name="MeanEurPerKwh">Of the energy alone, without subscription; null if none was priced.</param>
/// <param name="IsComplete">Every watt-hour of the month is in it.</param>
/// <param name="UnpricedWh">Energy without a price.</param>
/// <param name="UnknownSlots">Half-hours whose energy is not known.</param>
public sealed record MonthBill(
    decimal TotalEur, decimal EnergyEur, decimal SubscriptionEur, decimal FeedInEur, decimal VatEur, decimal? MeanEurPerKwh, bool IsComplete, long UnpricedWh, int UnknownSlots, IReadOnlyList<MonthBillLine> Lines)
{
    public static MonthBill Of(Bill bill)
    {
        var energy = bill.Lines.Where(l => l.What is not null).ToList();
        var (eur, wh) = (energy.Sum(l => l.Eur), energy.Sum(l => l.Wh));
        return new(
            bill.TotalEur, eur, bill.Lines.Where(l => l.What is null && !l.IsFeedIn).Sum(l => l.Eur), bill.Lines.Where(l => l.IsFeedIn).Sum(l => l.Eur), bill.Lines.Sum(l => l.VatEur),
            wh > 0 ? decimal.Round(1000 * eur / wh, 4, MidpointRounding.AwayFromZero) : null, bill.IsComplete, bill.UnpricedWh, bill.UnknownSlots,
            [.. bill.Lines.Select(l => new MonthBillLine(l.Tariff.Name, LocalDatePattern.Iso.Format(l.Tariff.From), l.What, l.IsFeedIn, l.Wh, l.What is { } period ? l.Tariff.PerKwh[period] : null, l.Eur))]);
    }
}

/// <param name="ValidFrom">Of the price list's version.</param>
/// <param name="Period">Null for the subscription and for energy fed in.</param>
/// <param name="EurPerKwh">Null with <paramref name="Period"/>.</param>
public sealed record MonthBillLine(string Tariff, string ValidFrom, PricePeriod? Period, bool IsFeedIn, long Wh, decimal? EurPerKwh, decimal Eur);

/// <param name="Kg">Kilograms of CO2 of the month's known use.</param>
/// <param name="GramsPerKwh">Mean over it.</param>
/// <param name="Source">The coarsest that a day's intensity is from.</param>
public sealed record MonthCarbon(double Kg, double GramsPerKwh, CarbonKind Kind, IntensitySource Source)
{
    /// <returns>Null if a day of it has no intensity, or nothing was used.</returns>
    public static MonthCarbon? Of(IEnumerable<HouseholdDay> days, IReadOnlyDictionary<LocalDate, DayWorth> worths, GridIntensity intensity)
    {
        double? grams = worths.Count > 0 ? 0 : null;
        double kwh = 0;
        foreach (var day in days)
        {
            if (!worths.TryGetValue(day.Day, out var worth)) continue;
            grams += day.ImportWh * worth.GramsPerKwh / 1000;
            kwh += day.ImportWh!.Value / 1000.0;
        }

        return grams is { } known ? new(known / 1000, known / kwh, intensity.Kind, worths.Values.Max(w => w.Source)) : null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(HomeCosts))]
internal sealed partial class CostsJson : JsonSerializerContext;
