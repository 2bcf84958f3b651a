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
/// <param name="Balance">Null for a household without panels, battery or charger, or with too few known days; absent in reports from before it was told.</param>
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
    IReadOnlyList<long?>? DailyWh = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MonthBalance? Balance = null)
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
public sealed record MonthEnergy(int Days, int CompleteDays, long? ImportWh, long? WhPerDay, string Quality)
{
    /// <summary>METHOD.md rules 2.2 and 4.1.</summary>
    public const double MinimumCompleteDays = 0.9;

    /// <param name="totals">A household's days, others than the month's too.</param>
    public static MonthEnergy Of(YearMonth month, IEnumerable<DayTotal> totals)
    {
        var interval = month.ToDateInterval();
        var days = totals.Where(t => interval.Contains(t.Day)).ToList();
        var complete = days.Where(d => d.Quality.IsComplete()).ToList();
        long? sum = days.Any(d => d.ImportWh is not null) ? days.Sum(d => d.ImportWh ?? 0) : null;
        long? perDay = complete.Count >= MinimumCompleteDays * interval.Length
            ? (long)Math.Round(complete.Sum(d => (double)d.ImportWh!) / complete.Count, MidpointRounding.ToEven)
            : null;
        var unknown = Enumerable.Repeat(Domain.Quality.Unknown, interval.Length - days.Count);
        return new(interval.Length, complete.Count, sum, perDay, QualityNames.Whole(days.Select(d => d.Quality).Concat(unknown)).Name());
    }
}

/// <summary>What a household's panels, battery and cars did in a month (METHOD.md rule 1.10), summed over the days on which all of them are known. Whole watt-hours.</summary>
/// <param name="Days">How many.</param>
/// <param name="ImportWh">From the grid.</param>
/// <param name="ExportWh">Into it.</param>
/// <param name="SelfConsumption">Share of what the panels made that was used at home; null if they made nothing.</param>
/// <param name="SelfSufficiency">Share of what was used that the grid did not deliver; null if nothing was used.</param>
public sealed record MonthBalance(
    int Days, long ImportWh, long ExportWh, long MadeWh, long ChargedWh, long DischargedWh, long EvWh, long UsedWh, double? SelfConsumption, double? SelfSufficiency)
{
    /// <param name="days">Of one household and month.</param>
    /// <returns>Null below 90 % of the month's days.</returns>
    public static MonthBalance? Of(IEnumerable<HouseholdDay> days)
    {
        var known = days.Where(d => d.Balance is not null).ToList();
        if (known.Count == 0 || known.Count < MonthEnergy.MinimumCompleteDays * known[0].Day.ToYearMonth().ToDateInterval().Length) return null;
        var sum = known.Aggregate(HomeBalance.Nothing, (all, day) => all + day.Balance!);
        return new(known.Count, sum.ImportWh, sum.ExportWh, sum.MadeWh, sum.ChargedWh, sum.DischargedWh, sum.EvWh, sum.UsedWh, Rounded(sum.SelfConsumption), Rounded(sum.SelfSufficiency));

        static double? Rounded(double? share) => share is { } s ? Math.Round(s, 3) : null;
    }
}

/// <param name="At">Start of the half-hour, local, <c>2026-10-12T19:30:00+02:00</c>.</param>
/// <param name="PeakDemandW">Its mean power in watts.</param>
public sealed record MonthPeak(string At, long PeakDemandW);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(MonthlyReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
