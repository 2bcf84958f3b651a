namespace Grid.FirmwareSim;

/// <summary>What all homes share on one UTC day, by half-hour: the temperature that walls feel, and what the clocks show.</summary>
internal sealed class UtcDay
{
    public const int HalfHours = 48;

    private UtcDay()
    {
    }

    /// <summary>Half of it the hour's own temperature, half the mean of the day before: walls are slow.</summary>
    public double[] FeltCelsius { get; } = new double[HalfHours];

    /// <summary>Half-hour of the local day, 0 to 47.</summary>
    public int[] LocalSlot { get; } = new int[HalfHours];

    /// <summary>Days since 1970-01-01, as the local calendar counts.</summary>
    public int[] LocalDay { get; } = new int[HalfHours];

    public static UtcDay Of(long day, Weather weather, DateTimeZone zone)
    {
        var result = new UtcDay();
        var hours = new double[48];
        for (var i = 0; i < hours.Length; i++) hours[i] = weather.Celsius((day * 24) - 24 + i);
        for (var i = 0; i < HalfHours; i++)
        {
            var hour = 24 + (i / 2);
            double sum = 0;
            for (var back = 1; back <= 24; back++) sum += hours[hour - back];
            result.FeltCelsius[i] = (0.5 * hours[hour]) + (0.5 * sum / 24);

            var at = Instant.FromUnixTimeSeconds((day * 86_400) + (i * 1_800L));
            var local = at.ToUnixTimeSeconds() + zone.GetUtcOffset(at).Seconds;
            result.LocalDay[i] = (int)Math.Floor(local / 86_400.0);
            result.LocalSlot[i] = (int)((local - (result.LocalDay[i] * 86_400L)) / 1_800);
        }

        return result;
    }
}
