using MathNet.Numerics.Statistics;

namespace Grid.Analytics;

/// <param name="MeanBefore">Mean use a day of the year before.</param>
public sealed record Candidate(string Id, double MeanBefore, bool HeatsWithElectricity);

/// <summary>Who is treated, by lot (METHOD.md rule 6.1).</summary>
/// <param name="Treated">Ids; the others are the control.</param>
/// <param name="Balance">Standardised difference of the use before; null where it cannot be computed.</param>
public sealed record Assignment(IReadOnlySet<string> Treated, double? Balance)
{
    public const double MaxImbalance = 0.1;

    public bool IsBalanced => Balance is { } difference && Math.Abs(difference) < MaxImbalance;

    /// <summary>Half of each stratum (third of use × heating), by lot. The same seed and homes give the same arms.</summary>
    public static Assignment ByLot(IReadOnlyCollection<Candidate> homes, int seed)
    {
        List<Candidate> ordered = [.. homes.OrderBy(h => h.MeanBefore).ThenBy(h => h.Id, StringComparer.Ordinal)];
        Random lot = new(seed);
        HashSet<string> treated = new(StringComparer.Ordinal);
        var spare = lot.Next(2); // an odd stratum's extra home goes to the arms in turn
        foreach (var stratum in ordered.Select((home, rank) => (Home: home, Third: rank * 3 / ordered.Count)).GroupBy(h => (h.Third, h.Home.HeatsWithElectricity)))
        {
            var drawn = stratum.Select(h => h.Home.Id).Order(StringComparer.Ordinal).ToArray(); // in the order of use each arm would tell some of a home's rank
            lot.Shuffle(drawn);
            treated.UnionWith(drawn.Take((drawn.Length + (drawn.Length % 2 == 0 ? 0 : spare++ % 2)) / 2));
        }

        return new(treated, Imbalance([.. ordered.Where(h => treated.Contains(h.Id)).Select(h => h.MeanBefore)], [.. ordered.Where(h => !treated.Contains(h.Id)).Select(h => h.MeanBefore)]));
    }

    private static double? Imbalance(double[] treated, double[] control)
    {
        if (treated.Length < 2 || control.Length < 2) return null;
        var spread = Math.Sqrt((treated.Variance() + control.Variance()) / 2);
        return spread > 0 ? (treated.Average() - control.Average()) / spread : 0;
    }
}
