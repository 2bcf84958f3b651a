namespace Grid.Faults;

/// <summary>
/// A directory as a power cut leaves it. What an fsync that returned has covered is there. Of all else, by the seed, each is there, not there, or
/// there in some of its sectors; so are sizes and the names of files. What SQLite keeps in shared memory is gone.
/// </summary>
internal sealed class CutDisk
{
    private readonly string _directory;
    private readonly SortedDictionary<string, List<Naming>> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<SystemCall, object> _begun = new(ReferenceEqualityComparer.Instance);

    /// <param name="directory">As it is now, it is all on disk.</param>
    public CutDisk(string directory)
    {
        _directory = directory;
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(IsOnDisk)) _names[file] = [new(new(File.ReadAllBytes(file))) { IsDurable = true }];
    }

    /// <summary>Writes and other changes that no fsync had covered.</summary>
    public int Uncovered => _names.Values.Sum(n => n.Count(c => !c.IsDurable)) + Files.Sum(f => f.Uncovered);

    /// <summary>Pages that SQLite took from its logs into its databases.</summary>
    public int Checkpointed => _names.Where(n => n.Key.EndsWith(".db", StringComparison.Ordinal)).Sum(n => n.Value.Sum(c => c.File?.Changes.Count() ?? 0));

    private IEnumerable<CutFile> Files => _names.Values.SelectMany(n => n).Select(n => n.File).OfType<CutFile>().Distinct();

    /// <summary>The next beginning or end of a call.</summary>
    public void Take(SystemCall call)
    {
        if (call.Result is null) Begin(call);
        else End(call);
    }

    /// <summary>Makes the directory what is left of it.</summary>
    public void Cut(Random random)
    {
        foreach (var file in Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories)) File.Delete(file);
        var losesNames = random.Next(2) == 0; // else each as it comes
        foreach (var (path, namings) in _names)
        {
            var durable = namings.FindLastIndex(n => n.IsDurable);
            if (namings[losesNames ? durable : random.Next(durable, namings.Count)].File is { } file) File.WriteAllBytes(path, file.Remains(random));
        }
    }

    private void Begin(SystemCall call)
    {
        if (call.Name is "openat" or "unlink" or "rename") return; // what becomes of them shows when they return
        if (call.IsByName)
        {
            if (call.Mentions(_directory + "/")) throw Unheard(call, _directory);
            return;
        }

        if (SystemCall.PathOf(call.Arguments) is not { } path) return;
        if (call.Name is "fsync" or "fdatasync") _begun[call] = Covered(path == _directory ? _names.Values.SelectMany(n => n) : Live(path)?.Changes ?? []);
        else if (Live(path) is { } file)
            _begun[call] = call.Name switch
            {
                "pwrite64" => file.Write(call.Last(), call.Quoted()),
                "ftruncate" => file.SetLength(call.Last()),
                _ => throw Unheard(call, path),
            };
    }

    private static NotSupportedException Unheard(SystemCall call, string path) => new($"{call.Name} in {path}: what a power cut leaves of it is not known here");

    private void End(SystemCall call)
    {
        if (call.Result is ['?', ..]) return; // killed within it
        if (!_begun.Remove(call, out var begun)) Name(call);
        else if (begun is List<Change> covered && !call.Failed) foreach (var change in covered) change.IsDurable = true;
        else if (begun is FileChange change) change.Returned(call.Failed ? -1 : long.Parse(call.Result!, CultureInfo.InvariantCulture));
    }

    private void Name(SystemCall call)
    {
        if (call.Failed) return;
        if (call.Name is "openat" && SystemCall.PathOf(call.Result!) is { } opened && IsOnDisk(opened))
        {
            if (call.Arguments.Contains("O_CREAT", StringComparison.Ordinal) && Live(opened) is null) NamingsOf(opened).Add(new(new([])) { HasReturned = true });
            if (call.Arguments.Contains("O_TRUNC", StringComparison.Ordinal)) Live(opened)?.SetLength(0).Returned(0);
        }
        else if (call.Name is "unlink" or "rename" && call.Paths() is [var old, ..] paths && Live(old) is { } file)
        {
            NamingsOf(old).Add(new(null) { HasReturned = true });
            if (paths is [_, var fresh]) NamingsOf(fresh).Add(new(file) { HasReturned = true });
        }
    }

    private static List<Change> Covered(IEnumerable<Change> changes) => [.. changes.Where(c => c is { HasReturned: true, IsDurable: false })];

    private List<Naming> NamingsOf(string path)
    {
        if (!_names.TryGetValue(path, out var namings)) _names[path] = namings = [new(null) { IsDurable = true }];
        return namings;
    }

    private CutFile? Live(string path) => _names.TryGetValue(path, out var namings) ? namings[^1].File : null;

    private bool IsOnDisk(string path) => path.StartsWith(_directory + "/", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal);

    /// <summary>A name came to stand for a file, or for none.</summary>
    private sealed class Naming(CutFile? file) : Change
    {
        public CutFile? File => file;
    }
}
