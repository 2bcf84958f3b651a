using MathNet.Numerics.LinearAlgebra;

namespace Grid.IntegrationTests.Privacy;

/// <summary>
/// The figures that somebody knows of a month, as rows over what each home counts with. A value that is corrected is another unknown of the same home.
/// </summary>
/// <param name="rows">For each figure, the unknown of each home in it. All weigh the same: a mean is a sum over a number.</param>
internal sealed class Knowledge<THome>(IReadOnlyList<IReadOnlyDictionary<THome, long>> rows)
    where THome : notnull
{
    private const int MostSmallSets = 12;
    private const double Negligible = 1e-9;

    /// <summary>
    /// The size of the smallest set of fewer than <paramref name="k"/> homes that a linear combination of the figures is of, and of no other home; null if there is none. A combination
    /// gives homes with equal columns equal weights, so it is enough to look at unions of whole sets of such homes: the union is isolated if leaving its columns out loses rank.
    /// </summary>
    /// <param name="own">Homes that are known anyway.</param>
    public int? SmallestIsolated(IReadOnlySet<THome> own, int k)
    {
        var sets = rows.SelectMany(r => r.Keys).Distinct().Where(h => !own.Contains(h)).GroupBy(ColumnsOf, StringComparer.Ordinal).Select(g => (Columns: g.Key.Split('/'), Homes: g.Count())).ToList();
        var small = sets.Where(s => s.Homes < k).Take(MostSmallSets).ToList();
        var whole = Rank(sets);
        return Enumerable.Range(1, (1 << small.Count) - 1)
            .Select(mask => small.Where((_, i) => (mask >> i & 1) == 1).ToList()).Where(union => union.Sum(s => s.Homes) < k)
            .OrderBy(union => union.Sum(s => s.Homes)).Where(union => Rank([.. sets.Except(union)]) < whole).Select(union => (int?)union.Sum(s => s.Homes)).FirstOrDefault();
    }

    /// <summary>The homes that a combination of the figures is of alone, asked of the rows themselves: an unknown that every change which no figure notices leaves as it is.</summary>
    public IReadOnlyList<THome> Told(IReadOnlySet<THome> own)
    {
        var unknowns = rows.SelectMany(r => r).Where(u => !own.Contains(u.Key)).Distinct().ToList();
        if (unknowns.Count == 0) return [];
        var unnoticed = Matrix<double>.Build.Dense(rows.Count, unknowns.Count, (r, c) => rows[r].TryGetValue(unknowns[c].Key, out var value) && value == unknowns[c].Value ? 1 : 0).Kernel();
        return [.. unknowns.Where((_, i) => Array.TrueForAll(unnoticed, change => Math.Abs(change[i]) < Negligible)).Select(u => u.Key).Distinct()];
    }

    // One column for each of the home's unknowns, with a 1 where a figure is of it.
    private string ColumnsOf(THome home)
    {
        var values = rows.Select(r => r.TryGetValue(home, out var value) ? value : (long?)null).ToList();
        return string.Join('/', values.OfType<long>().Distinct().Select(v => string.Concat(values.Select(x => x == v ? '1' : '0'))));
    }

    private int Rank(List<(string[] Columns, int Homes)> sets)
    {
        var columns = sets.SelectMany(s => s.Columns).Distinct(StringComparer.Ordinal).ToList();
        return columns.Count == 0 ? 0 : Matrix<double>.Build.Dense(rows.Count, columns.Count, (r, c) => char.GetNumericValue(columns[c][r])).Rank();
    }
}
