using MathNet.Numerics.Distributions;

namespace Grid.Analytics;

/// <summary>An estimate with its two-sided interval. In the outcome's unit, kWh a day unless said otherwise; negative if less was used.</summary>
/// <param name="DegreesOfFreedom">Of the Student distribution that the interval is of.</param>
/// <param name="Confidence">0 to 1.</param>
public sealed record Effect(double Value, double StandardError, double DegreesOfFreedom, double Confidence = 0.95)
{
    /// <summary>Student's quantile.</summary>
    public double T => StudentT.InvCDF(0, 1, DegreesOfFreedom, (1 + Confidence) / 2);

    public double Low => Value - (T * StandardError);

    public double High => Value + (T * StandardError);

    /// <summary>The interval holds 0: nothing is proven in either direction.</summary>
    public bool HoldsZero => Low <= 0 && High >= 0;

    /// <summary>The same as a share of a use, such as the control group's mean after the start.</summary>
    public Effect Of(double mean) => this with { Value = Value / mean, StandardError = StandardError / Math.Abs(mean) };
}
