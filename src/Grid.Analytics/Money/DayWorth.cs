using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What a kWh of a household's day costs and emits, by the hours in which the household used energy (METHOD.md rules 7.7 and 7.9).</summary>
/// <param name="EurPerKwh">Mean over the day's energy; null if a part of it has no price.</param>
/// <param name="IsSplit">The day has more than one price, so that how a saving lies in its hours is estimated.</param>
/// <param name="GramsPerKwh">Mean over the day's energy; null if a part of it has no intensity.</param>
/// <param name="Source">The coarsest that the intensity is from.</param>
public sealed record DayWorth(decimal? EurPerKwh, bool IsSplit, double? GramsPerKwh, IntensitySource Source)
{
    /// <returns>Null if the household is not known to have used anything.</returns>
    public static DayWorth? Of(HouseholdDay day, Pricing pricing, GridIntensity intensity, LocalCalendar calendar)
    {
        var slots = calendar.SlotsOf(day.Day);
        long used = 0;
        decimal? eur = 0;
        double? grams = 0;
        var source = IntensitySource.Hour;
        HashSet<PricePeriod> periods = [];
        for (var i = 0; i < slots.Count && i < day.Slots.Length; i++)
        {
            if (day.Slots[i].ImportWh is not (> 0 and var wh)) continue;
            used += wh;
            var price = pricing.At(slots[i].Start);
            eur += wh * price?.Tariff.PerKwh[price.Value.Period];
            if (price is { } known) periods.Add(known.Period);
            var emitted = intensity.At(slots[i].Start);
            grams += wh * emitted?.GramsPerKwh;
            if (emitted?.Source > source) source = emitted.Value.Source;
        }

        return used > 0 ? new(eur / used, periods.Count > 1, grams / used, source) : null;
    }
}
