using MathNet.Numerics.Statistics;

namespace Grid.Analytics;

/// <summary>How well a model describes the days it was made from (METHOD.md rule 5.8; residual = predicted - observed).</summary>
/// <param name="Days">Valid days, P.</param>
/// <param name="Slopes">c.</param>
/// <param name="Rmse">Root of the mean squared residual.</param>
/// <param name="RmseAdjusted">The same, divided by P - c.</param>
/// <param name="Nmbe">Sum of residuals ÷ sum of use: positive if the model is too high.</param>
/// <param name="Autocorrelation">Pearson's correlation of each residual with the one before; null where it cannot be computed.</param>
public sealed record FitStatistics(
    int Days, int Slopes, double MeanUse, double UseVariance, double R2, double AdjustedR2, double Rmse, double RmseAdjusted, double Nmbe, double? Autocorrelation)
{
    /// <summary>Coefficient of variation of the adjusted RMSE: 0.25 is 25 %. Not finite if the mean is 0.</summary>
    public double CvRmse => RmseAdjusted / MeanUse;

    /// <summary>P': days that are worth as much as P days would be if their residuals had nothing to do with one another.</summary>
    public double? EffectiveDays => Autocorrelation is { } rho && rho < 1 ? Days * (1 - rho) / (1 + rho) : null;

    /// <summary>METHOD.md rule 5.12.</summary>
    public ModelGrade Grade => CvRmse switch
    {
        <= 0.25 => ModelGrade.A,
        <= 0.5 => ModelGrade.B,
        <= 1 => ModelGrade.C,
        _ => ModelGrade.D,
    };

    /// <summary>METHOD.md rule 5.7: a model may be good although the weather explains next to nothing.</summary>
    public bool DependsOnWeather => AdjustedR2 >= 0.1;

    /// <param name="use">The days that the model was made from.</param>
    public static FitStatistics Of(BaselineModel model, ReadOnlySpan<double> use, ReadOnlySpan<double> meanF)
    {
        var residuals = new double[use.Length];
        double observed = 0, bias = 0, squares = 0, around = 0;
        for (var d = 0; d < use.Length; d++)
        {
            residuals[d] = model.Of(meanF[d]).Total - use[d];
            observed += use[d];
            bias += residuals[d];
            squares += residuals[d] * residuals[d];
        }

        var mean = observed / use.Length;
        foreach (var u in use) around += (u - mean) * (u - mean);
        var r2 = around > 0 ? 1 - (squares / around) : 0;
        var free = use.Length - model.Slopes - 1;
        return new(
            use.Length, model.Slopes, mean, around / use.Length, r2,
            model.Slopes == 0 || free <= 0 ? 0 : 1 - ((1 - r2) * (use.Length - 1) / free),
            Math.Sqrt(squares / use.Length), Math.Sqrt(squares / (use.Length - model.Slopes)), bias / observed,
            Lag1(residuals));
    }

    private static double? Lag1(double[] residuals)
    {
        if (residuals.Length < 3) return null;
        var rho = Correlation.Pearson(residuals[1..], residuals[..^1]);
        return double.IsFinite(rho) ? rho : null;
    }
}

/// <summary>How far a home's model may be trusted; D is withheld.</summary>
public enum ModelGrade
{
    A = 1,
    B = 2,
    C = 3,
    D = 4,
}
