using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Analytics;

/// <summary>A household's baseline as it is stored (METHOD.md rule 5.15): kWh a day, degrees Fahrenheit.</summary>
/// <param name="First">First local day, <c>2025-01-01</c>.</param>
/// <param name="Last">Last local day; the day after it is the change itself, and counts for nothing.</param>
public sealed record HomeBaseline(string Household, string First, string Last, Baseline Fit)
{
    /// <summary>Under which its period is stored: the day of the change.</summary>
    public static ResultKey Key(HouseholdId household, LocalDate start) => new(ResultKind.Baseline, household, LocalDatePattern.Iso.Format(start));

    /// <param name="totals">The household's, by day.</param>
    /// <param name="celsius">The neighbourhood's, by day.</param>
    /// <param name="start">The day of the change.</param>
    public static HomeBaseline Of(
        HouseholdId household, IReadOnlyDictionary<LocalDate, DayTotal> totals, IReadOnlyDictionary<LocalDate, DailyTemperature> celsius, LocalDate start, LocalCalendar calendar)
    {
        var (first, last) = (start.PlusDays(-Sufficiency.BaselineDays), start.PlusDays(-1));
        var fit = Baseline.Fit(HouseholdUse.Days(totals, celsius, first, last, calendar), first, last);
        return new(household.Value, LocalDatePattern.Iso.Format(first), LocalDatePattern.Iso.Format(last), fit.FailedIfFeedingIn(FeedsIn(totals, first, last)));
    }

    /// <summary>Days on which energy went into the grid.</summary>
    public static int FeedsIn(IReadOnlyDictionary<LocalDate, DayTotal> totals, LocalDate first, LocalDate last) =>
        totals.Values.Count(t => first <= t.Day && t.Day <= last && t.ExportWh > 0);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SavingsJson.Default.HomeBaseline);

    public static HomeBaseline FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, SavingsJson.Default.HomeBaseline)
        ?? throw new JsonException("A stored baseline is null.");
}

// A mean of 0 makes a coefficient of variation that is no number.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(HomeBaseline))]
[JsonSerializable(typeof(HomeSavings))]
[JsonSerializable(typeof(NeighbourhoodSavings))]
internal sealed partial class SavingsJson : JsonSerializerContext;
