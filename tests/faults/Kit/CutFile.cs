namespace Grid.Faults;

/// <summary>A file with all that was done to it since it was known to be on disk.</summary>
internal sealed class CutFile(byte[] before)
{
    private const int Sector = 512;

    private readonly List<FileChange> _changes = [];

    public IEnumerable<Change> Changes => _changes;

    public int Uncovered => _changes.Count(c => !c.IsDurable);

    public FileChange Write(long at, byte[] data) => Add(new(at, data));

    public FileChange SetLength(long length) => Add(new(length, null));

    public byte[] Remains(Random random)
    {
        using MemoryStream image = new();
        image.Write(before);
        var kept = random.NextDouble(); // of one file most, of another next to nothing
        foreach (var change in _changes.Where(c => c is not { HasReturned: true, Result: < 0 }))
        {
            if (change.IsDurable || random.NextDouble() < kept) Apply(image, change, _ => true);
            else if (change.Data is not null && random.Next(2) == 0) Apply(image, change, _ => random.Next(2) == 0);
            else if (change.End > image.Length && random.Next(2) == 0) image.SetLength(change.End); // its size came to the disk, its bytes did not
        }

        return image.ToArray();
    }

    private FileChange Add(FileChange change)
    {
        _changes.Add(change);
        return change;
    }

    private static void Apply(MemoryStream image, FileChange change, Func<long, bool> has)
    {
        if (change.Data is not { } data)
        {
            image.SetLength(change.At);
            return;
        }

        for (var at = change.At; at < change.End;)
        {
            var next = Math.Min(change.End, ((at / Sector) + 1) * Sector);
            if (has(at))
            {
                image.Position = at;
                image.Write(data, (int)(at - change.At), (int)(next - at));
            }

            at = next;
        }
    }
}

/// <summary>What a system call changes on disk, sooner or later.</summary>
internal abstract class Change
{
    public bool HasReturned { get; set; }

    /// <summary>An fsync that began after it had returned has returned too.</summary>
    public bool IsDurable { get; set; }
}

/// <param name="at">Where the data goes, or the new length.</param>
/// <param name="data">Null for a new length.</param>
internal sealed class FileChange(long at, byte[]? data) : Change
{
    public long At => at;

    public byte[]? Data => data;

    public long Result { get; private set; }

    /// <summary>Where the file then reaches to at least.</summary>
    public long End => at + (Result > 0 ? Result : data?.Length ?? 0);

    public void Returned(long result) => (HasReturned, Result) = (true, result);
}
