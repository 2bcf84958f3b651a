using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>
/// Outdoor temperatures like those of Paris: about 12 °C over the year, 5 in January, 20 in July, warmest in the afternoon,
/// with spells of a few days. Made, not measured.
/// </summary>
internal sealed class Weather(long seed)
{
    private const int SpellStream = 1;
    private const int DayStream = 2;
    private const int HourStream = 3;

    /// <summary>Mean of the UTC hour with that number, counted from 1970.</summary>
    public double Celsius(long hour)
    {
        var day = hour / 24.0;
        var year = (day - 19) / 365.2425; // coldest about 20 January, one quarter before the rising wave
        var season = 12 + (7.6 * Chance.Wave(year - 0.25));
        var swing = (3.0 + (1.4 * Chance.Wave(year - 0.25))) * Chance.Wave(day - 0.375);
        var spells = (4.2 * Chance.Smooth(seed, SpellStream, day / 5)) + (2.4 * Chance.Smooth(seed, DayStream, day / 1.5));
        return season + swing + spells + (0.6 * Chance.Smooth(seed, HourStream, hour / 3.0));
    }

    public IEnumerable<HourlyTemperature> Hours(Instant from, Instant to)
    {
        for (var hour = Ceiling(from.ToUnixTimeSeconds(), 3600); hour * 3600 < to.ToUnixTimeSeconds(); hour++)
            yield return new(Instant.FromUnixTimeSeconds(hour * 3600), Math.Round(Celsius(hour), 1));
    }

    private static long Ceiling(long value, long step) => Math.DivRem(value, step) is var (whole, rest) && rest > 0 ? whole + 1 : whole;
}
