namespace Grid.Wire;

/// <summary>
/// The groups of one TIC frame. A group whose checksum or form does not hold is dropped and counted, never repaired: six bits of
/// checksum cannot see a flipped bit 6, the form (digits, length, known label) does.
/// </summary>
/// <param name="Groups">In the order of the frame, the valid ones with a label of the specification. Of a label that stands twice, the last counts.</param>
/// <param name="BadGroups">Groups, and runs of bytes between groups, that were dropped.</param>
/// <param name="UnknownGroups">Groups with a right checksum and a label that the specification does not have.</param>
public sealed record TicFrame(IReadOnlyList<TicGroup> Groups, int BadGroups, int UnknownGroups)
{
    /// <summary>Reads what stands between STX and ETX.</summary>
    public static TicFrame Parse(ReadOnlySpan<byte> frame)
    {
        List<TicGroup> groups = [];
        var (bad, unknown) = (0, 0);
        while (!frame.IsEmpty)
        {
            var end = frame[1..].IndexOfAny((byte)'\n', (byte)'\r') + 1;
            if (frame[0] != '\n' || end == 0 || frame[end] == '\n')
            {
                bad++; // no group, or one without an end
                var next = frame[1..].IndexOf((byte)'\n');
                frame = next < 0 ? [] : frame[(next + 1)..];
                continue;
            }

            if (TicGroup.Read(frame[1..end]) is not var (group, mode)) bad++;
            else if (!TicLabels.Knows(group.Label, mode)) unknown++;
            else if (TicLabels.Fits(group, mode)) groups.Add(group);
            else bad++;
            frame = frame[(end + 1)..];
        }

        return new(groups, bad, unknown);
    }

    /// <summary>The last valid group of that label.</summary>
    public TicGroup? Find(string label) => Groups.LastOrDefault(g => string.Equals(g.Label, label, StringComparison.Ordinal));
}
