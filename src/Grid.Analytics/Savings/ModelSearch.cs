using MathNet.Numerics.LinearRegression;

namespace Grid.Analytics;

/// <summary>
/// Finds the model that explains the days, or the bills, best (METHOD.md rules 5.5 to 5.7 and 5.17): every balance point from 30 to 90 °F in steps of
/// one, heating and cooling alone and together, 2,014 candidates. Only their sums are needed: for heating balance ≤ cooling balance no day has degree
/// days of both, though a bill may.
/// </summary>
public static class ModelSearch
{
    public const int LowestF = 30;
    public const int HighestF = 90;

    /// <summary>METHOD.md rule 5.6.</summary>
    public const int MinDays = 10;

    /// <summary>METHOD.md rule 5.6.</summary>
    public const double MinDegreeDays = 20;

    private const double Rounding = 1e-12;

    private const int Points = HighestF - LowestF + 1;

    /// <param name="use">Use of each valid day.</param>
    /// <param name="meanF">Mean temperature of the same days, degrees Fahrenheit.</param>
    /// <param name="cooling">False for a fuel that cools nothing, as gas.</param>
    /// <returns>Null if no candidate qualifies: there are no days, or their mean is negative.</returns>
    public static BaselineModel? Best(ReadOnlySpan<double> use, ReadOnlySpan<double> meanF, bool cooling = true) => Best(FitRows.OfDays(use, meanF), cooling);

    /// <inheritdoc cref="Best(ReadOnlySpan{double}, ReadOnlySpan{double}, bool)"/>
    public static BaselineModel? Best(FitRows rows, bool cooling = true)
    {
        var use = Use.Of(rows);
        Candidate? best = use.Count > 0 && use.Mean >= 0 ? new(null, null, 0) : null;
        Span<Column> heating = new Column[Points], cool = new Column[cooling ? Points : 0];
        var days = rows.RoomForDays();
        for (var i = 0; i < heating.Length; i++) heating[i] = Column.Of(rows, use.Weight, LowestF + i, heats: true, days);
        for (var i = 0; i < cool.Length; i++) cool[i] = Column.Of(rows, use.Weight, LowestF + i, heats: false, days);

        foreach (ref readonly var column in heating) Consider(ref best, Alone(use, column), new(column.BalanceF, null, 0));
        foreach (ref readonly var column in cool) Consider(ref best, Alone(use, column), new(null, column.BalanceF, 0));
        for (var c = 0; c < cool.Length; c++)
            for (var h = 0; h <= c; h++)
                Consider(ref best, Together(use, heating[h], cool[c], rows.AreBills ? Both(rows, heating[h], cool[c]) : 0), new(LowestF + h, LowestF + c, 0));
        return best is { } found ? Fit(rows, use, found) : null;
    }

    // Rule 5.7: only a better one replaces; the order of the candidates decides ties, which rounding tells apart by less than this.
    private static void Consider(ref Candidate? best, double? adjustedR2, Candidate candidate)
    {
        if (adjustedR2 is { } r2 && (best is not { } so || r2 > so.AdjustedR2 + Rounding)) best = candidate with { AdjustedR2 = r2 };
    }

    /// <returns>Null if it is not attempted (rule 5.6) or does not qualify (rule 5.5).</returns>
    private static double? Alone(Use use, in Column x)
    {
        if (!x.IsEnough) return null;
        var (sxx, sxy) = (x.SumOfSquares - (use.Weight * x.Mean * x.Mean), x.SumWithUse - (use.Weight * x.Mean * use.Mean));
        var slope = sxy / sxx;
        if (!(slope >= 0) || use.Mean - (slope * x.Mean) < 0) return null;
        return use.AdjustedR2(slope * sxy, slopes: 1);
    }

    private static double? Together(Use use, in Column h, in Column c, double both)
    {
        if (!h.IsEnough || !c.IsEnough) return null;
        var w = use.Weight;
        var (shh, scc, shc) = (h.SumOfSquares - (w * h.Mean * h.Mean), c.SumOfSquares - (w * c.Mean * c.Mean), both - (w * h.Mean * c.Mean));
        var (shy, scy) = (h.SumWithUse - (w * h.Mean * use.Mean), c.SumWithUse - (w * c.Mean * use.Mean));
        var determinant = (shh * scc) - (shc * shc);
        var (slopeH, slopeC) = (((shy * scc) - (scy * shc)) / determinant, ((scy * shh) - (shy * shc)) / determinant);
        if (!(slopeH >= 0) || !(slopeC >= 0) || use.Mean - (slopeH * h.Mean) - (slopeC * c.Mean) < 0) return null;
        return use.AdjustedR2((slopeH * shy) + (slopeC * scy), slopes: 2);
    }

    private static double Both(FitRows rows, in Column h, in Column c)
    {
        double sum = 0;
        for (var r = 0; r < rows.Count; r++) sum += rows.Days[r] * h.OfBills[r] * c.OfBills[r];
        return sum;
    }

    // The coefficients themselves by QR of the rows: the sums are good enough to choose, and lose digits.
    private static BaselineModel Fit(FitRows rows, Use use, Candidate chosen)
    {
        if (chosen is { HeatingF: null, CoolingF: null }) return new(use.Mean, null, null);
        var (h, c) = (Degrees(chosen.HeatingF, heats: true), Degrees(chosen.CoolingF, heats: false));
        var x = new double[rows.Count][];
        var y = new double[rows.Count];
        for (var r = 0; r < x.Length; r++)
        {
            var root = Math.Sqrt(rows.Days[r]);
            y[r] = root * rows.PerDay[r];
            x[r] = (h, c) switch
            {
                ({ } heats, { } cools) => [root, root * heats[r], root * cools[r]],
                ({ } heats, null) => [root, root * heats[r]],
                _ => [root, root * c![r]],
            };
        }

        var fitted = MultipleRegression.QR(x, y);
        return new(
            fitted[0],
            chosen.HeatingF is { } heating ? new(fitted[1], heating) : null,
            chosen.CoolingF is { } cooling ? new(fitted[^1], cooling) : null);

        double[]? Degrees(double? balanceF, bool heats) => balanceF is { } f ? rows.DegreeDays(f, heats, rows.RoomForDays()) : null;
    }

    private readonly record struct Candidate(double? HeatingF, double? CoolingF, double AdjustedR2);

    /// <summary>The use of all rows, weighted.</summary>
    private readonly record struct Use(int Count, double Weight, double Mean, double SumOfSquares)
    {
        public static Use Of(FitRows rows)
        {
            double weight = 0, sum = 0, squares = 0;
            for (var r = 0; r < rows.Count; r++)
            {
                weight += rows.Days[r];
                sum += rows.Days[r] * rows.PerDay[r];
            }

            var mean = sum / weight;
            for (var r = 0; r < rows.Count; r++) squares += rows.Days[r] * (rows.PerDay[r] - mean) * (rows.PerDay[r] - mean);
            return new(rows.Count, weight, mean, squares);
        }

        // Use that never varies leaves squares of rounding, which some balance point always explains.
        private bool Varies => SumOfSquares > Rounding * Rounding * Weight * Mean * Mean;

        public double? AdjustedR2(double explained, int slopes)
        {
            var free = Count - slopes - 1;
            return free > 0 && Varies ? 1 - ((SumOfSquares - explained) / free / (SumOfSquares / (Count - 1))) : null;
        }
    }

    /// <summary>The degree days of one balance point, a day of each bill and as weighted sums.</summary>
    private readonly record struct Column(double BalanceF, double[] OfBills, bool IsEnough, double Mean, double SumOfSquares, double SumWithUse)
    {
        public static Column Of(FitRows rows, double weight, double balanceF, bool heats, double[] each)
        {
            double sum = 0, squares = 0, withUse = 0;
            var nonZero = 0;
            var perDay = rows.DegreeDays(balanceF, heats, each);
            ReadOnlySpan<double> use = rows.PerDay, days = rows.Days;
            for (var r = 0; r < perDay.Length; r++)
            {
                var x = days[r] * perDay[r];
                if (x > 0) nonZero++;
                sum += x;
                squares += x * perDay[r];
                withUse += x * use[r];
            }

            return new(balanceF, rows.AreBills ? perDay : [], (rows.AreBills || nonZero >= MinDays) && sum >= MinDegreeDays, sum / weight, squares, withUse);
        }
    }
}
