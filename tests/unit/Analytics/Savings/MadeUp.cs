using Grid.Analytics;

namespace Grid.UnitTests.Analytics.Savings;

/// <summary>Homes whose use is known by a formula, in a year whose weather is a cosine with noise.</summary>
internal static class MadeUp
{
    public static readonly LocalDate First = new(2025, 1, 1);
    public static readonly LocalDate Last = new(2025, 12, 31);

    public static IReadOnlyList<UseDay> Year(Func<double, double> useAt, double noise = 0, int seed = 1, LocalDate? from = null, int days = 365)
    {
        Random random = new(seed);
        var first = from ?? First;
        return
        [
            .. Enumerable.Range(0, days).Select(d =>
            {
                var meanF = 55 - (22 * Math.Cos(2 * Math.PI * (d - 15) / 365)) + (6 * Normal(random));
                return new UseDay(first.PlusDays(d), useAt(meanF) + (noise * Normal(random)), meanF);
            }),
        ];
    }

    public static SavingsEstimate Estimate(IReadOnlyList<UseDay> baseline, IReadOnlyList<UseDay> reporting) => SavingsEstimate.Of(Baseline.Fit(baseline, First, Last), reporting);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
