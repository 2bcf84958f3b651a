namespace Grid.Faults;

/// <summary>One seed of a row on a pair: what it may use, and what it found.</summary>
internal sealed class RowRun(Pair pair, int seed, string directory, Neighbourhood neighbourhood, CancellationToken stop)
{
    private readonly List<string> _breaches = [];
    private int _directories;

    public Pair Pair => pair;

    public int Seed => seed;

    public Random Random { get; } = new(seed);

    public Neighbourhood Neighbourhood => neighbourhood;

    public CancellationToken Stop => stop;

    public IReadOnlyList<string> Breaches => _breaches;

    /// <summary>The largest of each figure.</summary>
    public SortedDictionary<string, double> Largest { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, double> Sums { get; } = new(StringComparer.Ordinal);

    /// <summary>How long to wait for what must come. A seeded bug may keep it from coming.</summary>
    public TimeSpan Patience { get; } = SeededBugs.IsSeeded ? TimeSpan.FromSeconds(12) : TimeSpan.FromSeconds(60);

    public string NewDirectory() => Directory.CreateDirectory(Path.Combine(directory, $"{++_directories}")).FullName;

    public void Check(bool holds, string otherwise)
    {
        if (!holds) _breaches.Add(otherwise);
    }

    public void Show(string figure, double value) => Largest[figure] = Math.Max(value, Largest.GetValueOrDefault(figure));

    public void Count(string what, double by = 1) => Sums[what] = Sums.GetValueOrDefault(what) + by;

    public TimeSpan Milliseconds(int from, int to) => TimeSpan.FromMilliseconds(Random.Next(from, to));
}
