namespace Grid.Wire;

/// <summary>Writes TIC frames with their checksums: the way back of <see cref="TicFramer"/> and <see cref="TicFrame"/>.</summary>
public static class TicWriter
{
    /// <exception cref="ArgumentException">A group does not have the form that the specification gives its label.</exception>
    public static byte[] Frame(TicMode mode, params IReadOnlyList<TicGroup> groups)
    {
        var misfit = groups.FirstOrDefault(g => !TicLabels.Knows(g.Label, mode) || !TicLabels.Fits(g, mode));
        if (misfit is not null) throw new ArgumentException($"{misfit.Label} does not have this form in {mode} mode.", nameof(groups));
        return [TicFramer.Stx, .. groups.SelectMany(g => g.ToBytes(mode)), TicFramer.Etx];
    }
}
