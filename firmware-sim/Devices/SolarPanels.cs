namespace Grid.FirmwareSim;

/// <summary>Panels on a roof: they follow the sun of Paris and its clouds. What they make flows out of their meter.</summary>
internal sealed class SolarPanels(long seed, long number) : IDevice
{
    private const int SizeStream = 50;
    private const int CloudStream = 51;

    private readonly double _peakWh = (2_000 + (4_000 * Chance.Unit(seed, SizeStream, number))) / 2;

    public Flow HalfHour(long number)
    {
        var height = Sun.Height(number);
        if (height <= 0) return default;
        var clouds = 0.6 + (0.4 * Chance.Smooth(seed, CloudStream, number / 9.0));
        return new(0, (long)(_peakWh * height * clouds));
    }
}

/// <summary>Where the sun stands, near enough for lamps and panels; from products only, so the same on every processor.</summary>
internal static class Sun
{
    /// <summary>0 at night, up to about 0.9 at noon in June; the mean of the half-hour.</summary>
    public static double Height(long halfHour)
    {
        var day = RegisterCurve.FloorDiv(halfHour, UtcDay.HalfHours);
        var season = Chance.Wave(((day - 80) / 365.2425) + 0.0); // 0 at the equinoxes, 1 in June
        var length = 24.4 + (8.2 * season); // half-hours of light
        var noon = 23.7; // in Paris the sun is highest a little before noon UTC
        var from = ((halfHour - (day * UtcDay.HalfHours)) + 0.5 - noon) * 2 / length;
        return Math.Max(0, 1 - (from * from)) * (0.6 + (0.3 * season));
    }
}
