namespace Grid.Analytics;

/// <summary>
/// What a model is fitted to: a row a day (METHOD.md rule 5.5), or a row a bill, its use and degree days means over its days and its weight their
/// number (rule 5.17).
/// </summary>
public sealed class FitRows
{
    private readonly double[] _perDay;
    private readonly double[] _days;
    private readonly double[] _meanF;
    private readonly int[]? _ends; // in _meanF, of each bill's days

    private FitRows(double[] perDay, double[] days, double[] meanF, int[]? ends) => (_perDay, _days, _meanF, _ends) = (perDay, days, meanF, ends);

    public int Count => _perDay.Length;

    /// <summary>Use a day of each row.</summary>
    public ReadOnlySpan<double> PerDay => _perDay;

    /// <summary>Days of each row, which are its weight.</summary>
    public ReadOnlySpan<double> Days => _days;

    /// <summary>Rows of several days each.</summary>
    public bool AreBills => _ends is not null;

    public static FitRows OfDays(ReadOnlySpan<double> use, ReadOnlySpan<double> meanF)
    {
        if (use.Length != meanF.Length) throw new ArgumentException("As many temperatures as days.", nameof(meanF));
        var weights = new double[use.Length];
        Array.Fill(weights, 1);
        return new(use.ToArray(), weights, meanF.ToArray(), ends: null);
    }

    public static FitRows OfBills(IReadOnlyCollection<UseBill> bills)
    {
        var ends = new int[bills.Count];
        var (i, end) = (0, 0);
        foreach (var bill in bills) ends[i++] = end += bill.MeanF.Count;
        return new([.. bills.Select(b => b.Use / b.Days)], [.. bills.Select(b => (double)b.Days)], [.. bills.SelectMany(b => b.MeanF)], ends);
    }

    /// <summary>Heating or cooling degree days a day of each row.</summary>
    /// <param name="days">Room for each day's.</param>
    /// <returns>Where a row is a day, <paramref name="days"/> itself.</returns>
    public double[] DegreeDays(double balanceF, bool heating, double[] days)
    {
        if (heating) for (var d = 0; d < days.Length; d++) days[d] = BaselineModel.HeatingDegrees(balanceF, _meanF[d]);
        else for (var d = 0; d < days.Length; d++) days[d] = BaselineModel.CoolingDegrees(balanceF, _meanF[d]);
        return Means(days);
    }

    public double[] RoomForDays() => new double[_meanF.Length];

    /// <summary>The model's use a day of each row.</summary>
    public double[] Modelled(BaselineModel model) => Means(Array.ConvertAll(_meanF, f => model.Of(f).Total));

    private double[] Means(double[] days)
    {
        if (_ends is null) return days;
        var means = new double[Count];
        for (int row = 0, day = 0; row < means.Length; row++)
        {
            var begin = day;
            for (; day < _ends[row]; day++) means[row] += days[day];
            means[row] /= day - begin;
        }

        return means;
    }
}
