using System.Text.Json.Serialization;
using MathNet.Numerics.Statistics;

namespace Grid.Analytics;

/// <summary>How well a model describes the days it was made from (METHOD.md rule 5.8; residual = predicted - observed). Of bills, each bill's whole use (rule 5.18).</summary>
/// <param name="Days">Valid days, or bills: P.</param>
/// <param name="Slopes">c.</param>
/// <param name="Rmse">Root of the mean squared residual.</param>
/// <param name="RmseAdjusted">The same, divided by P - c.</param>
/// <param name="Nmbe">Sum of residuals ÷ sum of use: positive if the model is too high.</param>
/// <param name="Autocorrelation">Pearson's correlation of each residual with the one before; null where it cannot be computed.</param>
/// <param name="DaysABill">Mean days of a bill; null where each row is a day.</param>
public sealed record FitStatistics(
    int Days, int Slopes, double MeanUse, double UseVariance, double R2, double AdjustedR2, double Rmse, double RmseAdjusted, double Nmbe, double? Autocorrelation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? DaysABill = null)
{
    private const double Rounding = 1e-12;

    /// <summary>Coefficient of variation of the adjusted RMSE: 0.25 is 25 %. Not finite if the mean is 0.</summary>
    public double CvRmse => RmseAdjusted / MeanUse;

    /// <summary>P': days that are worth as much as P days would be if their residuals had nothing to do with one another; null where each is the one before, or its opposite, rounding apart.</summary>
    public double? EffectiveDays => Autocorrelation is { } rho && rho is > -1 + Rounding and < 1 ? Days * (1 - rho) / (1 + rho) : null;

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
    public static FitStatistics Of(BaselineModel model, ReadOnlySpan<double> use, ReadOnlySpan<double> meanF) => Of(model, FitRows.OfDays(use, meanF));

    /// <param name="rows">What the model was made from.</param>
    public static FitStatistics Of(BaselineModel model, FitRows rows)
    {
        ReadOnlySpan<double> perDay = rows.PerDay, days = rows.Days;
        var count = rows.Count;
        var (modelled, residuals) = (rows.Modelled(model), new double[count]);
        double observed = 0, length = 0, bias = 0, squares = 0, around = 0, weightedSquares = 0, weightedAround = 0;
        for (var r = 0; r < count; r++)
        {
            var residual = modelled[r] - perDay[r];
            residuals[r] = residual * days[r];
            observed += perDay[r] * days[r];
            length += days[r];
            bias += residuals[r];
            squares += residuals[r] * residuals[r];
            weightedSquares += days[r] * residual * residual;
        }

        var (mean, meanPerDay) = (observed / count, observed / length);
        for (var r = 0; r < count; r++)
        {
            var (whole, each) = ((perDay[r] * days[r]) - mean, perDay[r] - meanPerDay);
            around += whole * whole;
            weightedAround += days[r] * each * each;
        }

        var r2 = weightedAround > 0 ? 1 - (weightedSquares / weightedAround) : 0;
        var free = count - model.Slopes - 1;
        return new(
            count, model.Slopes, mean, around / count, r2,
            model.Slopes == 0 || free <= 0 ? 0 : 1 - ((1 - r2) * (count - 1) / free),
            Math.Sqrt(squares / count), Math.Sqrt(squares / (count - model.Slopes)), bias / observed,
            Lag1(residuals), rows.AreBills ? length / count : null);
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
