using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Analytics;

/// <summary>What is expected of a day, of a household or of the neighbourhood, as it is stored (METHOD.md section 8).</summary>
/// <param name="Household">Null for the neighbourhood.</param>
/// <param name="Day"><c>2026-11-29</c>.</param>
/// <param name="Celsius">The outdoor temperature that it reckons with; null if it does without.</param>
/// <param name="LoadWh">Of each half-hour of the day: 46, 48 or 50; null with too short a history.</param>
/// <param name="PvWh">The same of what panels make; null without panels.</param>
/// <param name="Hidden">Why the neighbourhood's load is not told where it could give a home away; null else.</param>
/// <param name="PvHidden">The same of what panels make.</param>
public sealed record NextDay(
    string? Household,
    string Day,
    double? Celsius,
    IReadOnlyList<long>? LoadWh,
    ForecastError? LoadError,
    IReadOnlyList<long>? PvWh,
    ForecastError? PvError,
    string? Hidden = null,
    string? PvHidden = null)
{
    private const double Step = 0.01;
    private const int ErrorDecimals = 3;

    /// <summary>No day further back takes part in it, or in its error.</summary>
    public const int LooksBackDays = DayForecast.HistoryDays + ForecastError.Most + ForecastError.DaysAhead;

    public static ResultKey Key(HouseholdId? household, LocalDate day) => new(ResultKind.Forecast, household, LocalDatePattern.Iso.Format(day));

    /// <param name="last">The last complete day; what came after it is not looked at.</param>
    /// <param name="celsius">Of the days before, and of the day itself where it is forecast.</param>
    public static NextDay Of(
        HouseholdId? household, LocalDate day, LocalDate last, IReadOnlyList<HistoryDay> load, IReadOnlyList<HistoryDay> pv, IReadOnlyDictionary<LocalDate, double> celsius, LocalCalendar calendar)
    {
        // An error that knows temperatures would flatter a forecast that does without.
        if (!celsius.ContainsKey(day)) celsius = new Dictionary<LocalDate, double>();
        List<HistoryDay> used = [.. load.Where(h => h.Day <= last)], made = [.. pv.Where(h => h.Day <= last)];
        return new(
            household?.Value, LocalDatePattern.Iso.Format(day), celsius.TryGetValue(day, out var degrees) ? Math.Round(degrees, 1) : null,
            Slots(DayForecast.Of(day, used, celsius)), ForecastError.Of(last, used, celsius),
            Slots(DayForecast.Of(day, made, celsius)), ForecastError.Of(last, made, celsius));

        IReadOnlyList<long>? Slots(HistoryDay? forecast) => forecast is null
            ? null
            : [.. calendar.SlotsOf(day).Select(slot => (long)Math.Round(forecast.Wh[HistoryDay.IndexOf(slot.Start, calendar)], MidpointRounding.ToEven))];
    }

    /// <summary>As everybody is told it, to a hundredth of the mean half-hour (METHOD.md rule 3.7).</summary>
    /// <param name="hidden">Why days were left out; told where too few are left.</param>
    public NextDay ForEverybody(Suppression? hidden, Suppression? pvHidden) => this with
    {
        LoadWh = Coarse(LoadWh), LoadError = Coarse(LoadError), PvWh = Coarse(PvWh), PvError = Coarse(PvError), Hidden = LoadWh is null ? hidden?.Name() : null, PvHidden = PvWh is null ? pvHidden?.Name() : null,
    };

    private static IReadOnlyList<long>? Coarse(IReadOnlyList<long>? halfHours)
    {
        if (halfHours is null) return null;
        var step = Math.Max(1, (long)Math.Round(Step * halfHours.Average()));
        return [.. halfHours.Select(wh => (long)Math.Round((double)wh / step) * step)];
    }

    private static ForecastError? Coarse(ForecastError? error) => error is null
        ? null
        : new(error.Days, Math.Round(error.HalfHours, ErrorDecimals), Math.Round(error.Total, ErrorDecimals), Math.Round(error.Persistence, ErrorDecimals), Math.Round(error.LastWeek, ErrorDecimals));

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ForecastJson.Default.NextDay);

    public static NextDay FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, ForecastJson.Default.NextDay)
        ?? throw new JsonException("A stored forecast is null.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NextDay))]
internal sealed partial class ForecastJson : JsonSerializerContext;
