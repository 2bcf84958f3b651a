using MathNet.Numerics.LinearRegression;

namespace Grid.Analytics;

/// <summary>
/// Finds the model that explains the days best (METHOD.md rules 5.5 to 5.7): every balance point from 30 to 90 °F in steps of one, heating and
/// cooling alone and together, 2,014 candidates. Only their sums are needed: for heating balance ≤ cooling balance no day has degree days of both.
/// </summary>
public static class ModelSearch
{
    public const int LowestF = 30;
    public const int HighestF = 90;

    /// <summary>METHOD.md rule 5.6.</summary>
    public const int MinDays = 10;

    /// <summary>METHOD.md rule 5.6.</summary>
    public const double MinDegreeDays = 20;

    private const int Points = HighestF - LowestF + 1;

    /// <param name="use">Use of each valid day.</param>
    /// <param name="meanF">Mean temperature of the same days, degrees Fahrenheit.</param>
    /// <param name="cooling">False for a fuel that cools nothing, as gas.</param>
    /// <returns>Null if no candidate qualifies: there are no days, or their mean is negative.</returns>
    public static BaselineModel? Best(ReadOnlySpan<double> use, ReadOnlySpan<double> meanF, bool cooling = true)
    {
        if (use.Length != meanF.Length) throw new ArgumentException("As many temperatures as days.", nameof(meanF));
        Days days = Days.Of(use);
        Candidate? best = days.Count > 0 && days.Mean >= 0 ? new(null, null, 0) : null;
        Span<Column> heating = new Column[Points], cool = new Column[cooling ? Points : 0];
        for (var i = 0; i < heating.Length; i++) heating[i] = Column.Of(use, meanF, LowestF + i, BaselineModel.HeatingDegrees);
        for (var i = 0; i < cool.Length; i++) cool[i] = Column.Of(use, meanF, LowestF + i, BaselineModel.CoolingDegrees);

        foreach (ref readonly var column in heating) Consider(ref best, Alone(days, column), new(column.BalanceF, null, 0));
        foreach (ref readonly var column in cool) Consider(ref best, Alone(days, column), new(null, column.BalanceF, 0));
        for (var c = 0; c < cool.Length; c++)
            for (var h = 0; h <= c; h++)
                Consider(ref best, Together(days, heating[h], cool[c]), new(LowestF + h, LowestF + c, 0));
        return best is { } found ? Fit(use, meanF, found) : null;
    }

    // Rule 5.7: only a strictly better one replaces; the order of the candidates decides ties.
    private static void Consider(ref Candidate? best, double? adjustedR2, Candidate candidate)
    {
        if (adjustedR2 is { } r2 && (best is not { } so || r2 > so.AdjustedR2)) best = candidate with { AdjustedR2 = r2 };
    }

    /// <returns>Null if it is not attempted (rule 5.6) or does not qualify (rule 5.5).</returns>
    private static double? Alone(Days days, in Column x)
    {
        if (!x.IsEnough) return null;
        var (sxx, sxy) = (x.SumOfSquares - (days.Count * x.Mean * x.Mean), x.SumWithUse - (days.Count * x.Mean * days.Mean));
        var slope = sxy / sxx;
        if (!(slope >= 0) || days.Mean - (slope * x.Mean) < 0) return null;
        return days.AdjustedR2(slope * sxy, slopes: 1);
    }

    private static double? Together(Days days, in Column h, in Column c)
    {
        if (!h.IsEnough || !c.IsEnough) return null;
        var n = days.Count;
        var (shh, scc, shc) = (h.SumOfSquares - (n * h.Mean * h.Mean), c.SumOfSquares - (n * c.Mean * c.Mean), -n * h.Mean * c.Mean);
        var (shy, scy) = (h.SumWithUse - (n * h.Mean * days.Mean), c.SumWithUse - (n * c.Mean * days.Mean));
        var determinant = (shh * scc) - (shc * shc);
        var (slopeH, slopeC) = (((shy * scc) - (scy * shc)) / determinant, ((scy * shh) - (shy * shc)) / determinant);
        if (!(slopeH >= 0) || !(slopeC >= 0) || days.Mean - (slopeH * h.Mean) - (slopeC * c.Mean) < 0) return null;
        return days.AdjustedR2((slopeH * shy) + (slopeC * scy), slopes: 2);
    }

    // The coefficients themselves by QR of the days: the sums are good enough to choose, and lose digits.
    private static BaselineModel Fit(ReadOnlySpan<double> use, ReadOnlySpan<double> meanF, Candidate chosen)
    {
        if (chosen is { HeatingF: null, CoolingF: null }) return new(Days.Of(use).Mean, null, null);
        var rows = new double[use.Length][];
        for (var d = 0; d < rows.Length; d++)
        {
            var f = meanF[d];
            rows[d] = chosen switch
            {
                { HeatingF: { } h, CoolingF: { } c } => [BaselineModel.HeatingDegrees(h, f), BaselineModel.CoolingDegrees(c, f)],
                { HeatingF: { } h } => [BaselineModel.HeatingDegrees(h, f)],
                _ => [BaselineModel.CoolingDegrees(chosen.CoolingF!.Value, f)],
            };
        }

        var fitted = MultipleRegression.QR(rows, use.ToArray(), intercept: true);
        return new(
            fitted[0],
            chosen.HeatingF is { } heating ? new(fitted[1], heating) : null,
            chosen.CoolingF is { } cooling ? new(fitted[^1], cooling) : null);
    }

    private readonly record struct Candidate(double? HeatingF, double? CoolingF, double AdjustedR2);

    private readonly record struct Days(int Count, double Mean, double SumOfSquares)
    {
        public static Days Of(ReadOnlySpan<double> use)
        {
            double sum = 0, squares = 0;
            foreach (var u in use) sum += u;
            var mean = sum / use.Length;
            foreach (var u in use) squares += (u - mean) * (u - mean);
            return new(use.Length, mean, squares);
        }

        public double? AdjustedR2(double explained, int slopes)
        {
            var free = Count - slopes - 1;
            return free > 0 && SumOfSquares > 0 ? 1 - ((SumOfSquares - explained) / free / (SumOfSquares / (Count - 1))) : null;
        }
    }

    /// <summary>The degree days of one balance point, as sums.</summary>
    private readonly record struct Column(double BalanceF, bool IsEnough, double Mean, double SumOfSquares, double SumWithUse)
    {
        public static Column Of(ReadOnlySpan<double> use, ReadOnlySpan<double> meanF, double balanceF, Func<double, double, double> degrees)
        {
            double sum = 0, squares = 0, withUse = 0;
            var nonZero = 0;
            for (var d = 0; d < use.Length; d++)
            {
                var x = degrees(balanceF, meanF[d]);
                if (x > 0) nonZero++;
                sum += x;
                squares += x * x;
                withUse += x * use[d];
            }

            return new(balanceF, nonZero >= MinDays && sum >= MinDegreeDays, sum / use.Length, squares, withUse);
        }
    }
}
