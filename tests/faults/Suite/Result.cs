namespace Grid.Faults;

/// <summary>What one seed of a row showed on a pair; a line of the state file.</summary>
internal sealed record Result(
    string Row, Pair Pair, int Seed, int Faults, double Seconds, IReadOnlyList<string> Breaches, IReadOnlyDictionary<string, double> Largest, IReadOnlyDictionary<string, double> Sums, string? Skipped = null)
{
    public bool Held => Breaches.Count == 0;
}
