namespace Grid.Analytics;

/// <summary>One local day: what was used, and how warm it was outside (METHOD.md rules 5.1 to 5.3).</summary>
/// <param name="Use">In the meter's unit, kWh unless said otherwise; null if the day is missing.</param>
/// <param name="MeanF">Mean outdoor temperature in degrees Fahrenheit, the method's own unit; null if the day is missing.</param>
/// <param name="TemperatureShare">Share of the day's hours that <paramref name="MeanF"/> is the mean of, 0 to 1.</param>
public readonly record struct UseDay(LocalDate Day, double? Use, double? MeanF, double TemperatureShare = 1)
{
    /// <summary>Has both: takes part in the fit and in savings (rule 5.3).</summary>
    public bool IsValid => Use is not null && MeanF is not null;

    public static double Fahrenheit(double celsius) => 32 + (1.8 * celsius);

    public static double Celsius(double fahrenheit) => (fahrenheit - 32) / 1.8;
}
