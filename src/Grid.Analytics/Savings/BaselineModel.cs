namespace Grid.Analytics;

/// <summary>
/// Use of a day as a function of its outdoor temperature (METHOD.md rule 5.5):
/// base + heating slope × max(balance - T, 0) + cooling slope × max(T - balance, 0), in degrees Fahrenheit. No coefficient is negative.
/// </summary>
/// <param name="BasePerDay">Use of a day that needs neither heating nor cooling.</param>
/// <param name="Heating">Null if cold days use no more.</param>
/// <param name="Cooling">Null if hot days use no more.</param>
public sealed record BaselineModel(double BasePerDay, WeatherTerm? Heating, WeatherTerm? Cooling)
{
    /// <summary>Slopes of the model, 0 to 2: the c of the formulas.</summary>
    public int Slopes => (Heating is null ? 0 : 1) + (Cooling is null ? 0 : 1);

    /// <summary>The method's own name of the family.</summary>
    public string Family => (Heating, Cooling) switch
    {
        (null, null) => "intercept_only",
        (_, null) => "hdd_only",
        (null, _) => "cdd_only",
        _ => "cdd_hdd",
    };

    public static double HeatingDegrees(double balanceF, double meanF) => Math.Max(balanceF - meanF, 0);

    public static double CoolingDegrees(double balanceF, double meanF) => Math.Max(meanF - balanceF, 0);

    /// <summary>What a day of this temperature uses, in its parts (METHOD.md rule 5.9).</summary>
    public ModelledUse Of(double meanF) => new(
        BasePerDay,
        Heating is { } h ? h.PerDegreeDay * HeatingDegrees(h.BalanceF, meanF) : 0,
        Cooling is { } c ? c.PerDegreeDay * CoolingDegrees(c.BalanceF, meanF) : 0);
}

/// <param name="PerDegreeDay">Use for each degree Fahrenheit and day beyond the balance point; 1.8 times as much for each degree Celsius.</param>
/// <param name="BalanceF">The outdoor temperature from which on it counts, 30 to 90 degrees Fahrenheit.</param>
public sealed record WeatherTerm(double PerDegreeDay, double BalanceF);

/// <summary>Use in its parts: what does not depend on the weather, heating, cooling.</summary>
public readonly record struct ModelledUse(double Base, double Heating, double Cooling)
{
    public double Total => Base + Heating + Cooling;

    public static ModelledUse operator +(ModelledUse a, ModelledUse b) => new(a.Base + b.Base, a.Heating + b.Heating, a.Cooling + b.Cooling);

    public static ModelledUse operator *(ModelledUse use, double times) => new(use.Base * times, use.Heating * times, use.Cooling * times);
}
