using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Analytics;

/// <summary>A household's month, as it is stored and shown (METHOD.md section 4). Energies are whole watt-hours.</summary>
/// <param name="Month"><c>2026-10</c>.</param>
/// <param name="YearBefore">The same month a year before; null if it cannot be compared.</param>
/// <param name="ChangePercent">Against the year before, a day for a day: -12.3 is 12.3 % less.</param>
/// <param name="StandByW">What is drawn while everybody sleeps, in watts; null with too few measured nights.</param>
/// <param name="Savings">Null before the household has a baseline.</param>
/// <param name="Costs">Euros and CO2; null in reports from before they were told.</param>
/// <param name="DailyWh">Of each day of the month; null where nothing is known, and absent in reports from before it was kept.</param>
/// <param name="MeanCelsius">Mean outdoor temperature; null where it is not known.</param>
public sealed record MonthlyReport(
    string Household,
    string Month,
    MonthEnergy Energy,
    MonthEnergy? YearBefore,
    double? ChangePercent,
    double? MeanCelsius,
    double? YearBeforeMeanCelsius,
    NeighbourComparison Neighbours,
    MonthPeak? Peak = null,
    long? StandByW = null,
    HomeSavings? Savings = null,
    HomeCosts? Costs = null,
    IReadOnlyList<long?>? DailyWh = null)
{
    /// <summary>Where a month's report is kept.</summary>
    public static ResultKey Key(HouseholdId household, YearMonth month) => new(ResultKind.Report, household, Name(month));

    public static string Name(YearMonth month) => month.ToString("uuuu-MM", CultureInfo.InvariantCulture);

    public static YearMonth MonthOf(string name) => YearMonthPattern.Iso.Parse(name).Value;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ReportJson.Default.MonthlyReport);

    public static MonthlyReport FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, ReportJson.Default.MonthlyReport)
        ?? throw new JsonException("A stored report is null.");
}

/// <param name="Days">Days of the month.</param>
/// <param name="CompleteDays">Days with every watt-hour accounted for.</param>
/// <param name="ImportWh">Sum over the known slots; null if none is known.</param>
/// <param name="WhPerDay">Mean over the complete days; null below 90 % of them.</param>
/// <param name="Quality">See <see cref="QualityNames"/>.</param>
public sealed record MonthEnergy(int Days, int CompleteDays, long? ImportWh, long? WhPerDay, string Quality);

/// <param name="At">Start of the half-hour, local, <c>2026-10-12T19:30:00+02:00</c>.</param>
/// <param name="PeakDemandW">Its mean power in watts.</param>
public sealed record MonthPeak(string At, long PeakDemandW);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(MonthlyReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
