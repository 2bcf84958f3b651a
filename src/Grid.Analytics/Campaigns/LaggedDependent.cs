using MathNet.Numerics.LinearAlgebra;

namespace Grid.Analytics;

/// <summary>
/// Use of the months after the start on treatment, the home's use in the same month of the year before, and a level for each month, by least
/// squares; the errors of one home's months may have to do with one another (METHOD.md rule 6.5). Finer than <see cref="DifferenceInDifferences"/>.
/// </summary>
public static class LaggedDependent
{
    /// <returns>Null where either arm has fewer than two homes, or the columns do not tell treatment and use apart.</returns>
    public static Effect? Of(CampaignArms arms, double confidence = 0.95)
    {
        if (arms.Treated.Count < 2 || arms.Control.Count < 2) return null;
        List<CampaignHome> homes = [.. arms.Treated, .. arms.Control];
        var months = homes.Max(h => h.After.Count);
        var columns = 2 + months;
        List<(int Home, double[] X, double Y)> rows = [];
        for (var h = 0; h < homes.Count; h++)
            for (var m = 0; m < homes[h].After.Count; m++)
                if (homes[h].Before[m % 12] is { } before && homes[h].After[m] is { } after) rows.Add((h, Row(homes[h].Treated, before, m, columns), after));
        if (rows.Count <= columns) return null;

        var x = Matrix<double>.Build.DenseOfRowArrays(rows.Select(r => r.X));
        var y = Vector<double>.Build.DenseOfEnumerable(rows.Select(r => r.Y));
        var bread = x.TransposeThisAndMultiply(x);
        if (bread.ConditionNumber() > 1e15) return null;
        var inverse = bread.Inverse();
        var coefficients = inverse * x.TransposeThisAndMultiply(y);
        var residuals = y - (x * coefficients);
        return new(coefficients[0], Math.Sqrt((inverse * Meat(rows, residuals, columns) * inverse)[0, 0] * SmallSample(homes.Count, rows.Count, columns)), homes.Count - 1, confidence);
    }

    private static double[] Row(bool treated, double before, int month, int columns)
    {
        var row = new double[columns];
        row[0] = treated ? 1 : 0;
        row[1] = before;
        row[2 + month] = 1;
        return row;
    }

    private static Matrix<double> Meat(List<(int Home, double[] X, double Y)> rows, Vector<double> residuals, int columns)
    {
        var meat = Matrix<double>.Build.Dense(columns, columns);
        foreach (var home in rows.Select((row, i) => (row.Home, row.X, Residual: residuals[i])).GroupBy(r => r.Home))
        {
            var score = Vector<double>.Build.Dense(columns);
            foreach (var (_, x, residual) in home) score += Vector<double>.Build.DenseOfArray(x) * residual;
            meat += score.OuterProduct(score);
        }

        return meat;
    }

    private static double SmallSample(double groups, double rows, double columns) => groups / (groups - 1) * (rows - 1) / (rows - columns);
}
