using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What saved energy is worth (METHOD.md rules 7.7 to 7.9). Its sign is that of the savings.</summary>
/// <param name="UsedKwh">Of the days that count.</param>
/// <param name="UsedEur">What these cost in energy; null if a day of them has no price.</param>
/// <param name="Eur">Null with <paramref name="UsedEur"/>.</param>
/// <param name="EurBand">Half the width of the 90 % interval; null without one for the energy.</param>
/// <param name="EurIsEstimated">Prices differ by the hour, and it is not known in which hours less was used.</param>
/// <param name="UsedKg">What the use emitted; null if a day of it has no intensity.</param>
/// <param name="Kg">Null with <paramref name="UsedKg"/>.</param>
public sealed record SavedWorth(
    double UsedKwh, decimal? UsedEur, decimal? Eur, decimal? EurBand, bool EurIsEstimated, double? UsedKg, double? Kg, double? KgBand, IntensitySource Source)
{
    /// <param name="days">The reporting days of the month.</param>
    /// <param name="worths">Of these days, as far as they are known.</param>
    /// <param name="bandKwh">Of the same days' savings.</param>
    /// <returns>Null if no day counts.</returns>
    public static SavedWorth? Of(BaselineModel model, IEnumerable<UseDay> days, IReadOnlyDictionary<LocalDate, DayWorth> worths, double? bandKwh)
    {
        List<SavedWorth> each = [];
        foreach (var day in days)
        {
            if (day is not { Use: { } use, MeanF: { } meanF }) continue;
            var worth = worths.GetValueOrDefault(day.Day);
            var saved = model.Of(meanF).Total - use;
            each.Add(new(
                use, (decimal)use * worth?.EurPerKwh, (decimal)saved * worth?.EurPerKwh, null, worth?.IsSplit ?? false,
                use * worth?.GramsPerKwh / 1000, saved * worth?.GramsPerKwh / 1000, null, worth?.Source ?? IntensitySource.Year));
        }

        return Sum(each, bandKwh);
    }

    /// <param name="bandKwh">Of all of them together.</param>
    public static SavedWorth? Sum(IReadOnlyCollection<SavedWorth> parts, double? bandKwh)
    {
        if (parts.Count == 0) return null;
        var usedKwh = parts.Sum(p => p.UsedKwh);
        var usedEur = Total(parts.Select(p => p.UsedEur));
        var usedKg = Total(parts.Select(p => p.UsedKg));
        return new(
            usedKwh, Cents(usedEur), Cents(Total(parts.Select(p => p.Eur))), usedKwh > 0 ? Cents((decimal?)bandKwh * usedEur / (decimal)usedKwh) : null, parts.Any(p => p.EurIsEstimated),
            usedKg, Total(parts.Select(p => p.Kg)), usedKwh > 0 ? bandKwh * usedKg / usedKwh : null, parts.Max(p => p.Source));
    }

    private static decimal? Total(IEnumerable<decimal?> all) => all.Aggregate((decimal?)0, (sum, one) => sum + one);

    private static double? Total(IEnumerable<double?> all) => all.Aggregate((double?)0, (sum, one) => sum + one);

    private static decimal? Cents(decimal? eur) => eur is { } known ? decimal.Round(known, 2, MidpointRounding.AwayFromZero) : null;
}
