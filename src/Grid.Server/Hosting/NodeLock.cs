namespace Grid.Server;

/// <summary>One server a data directory: two journals in one place would be one too many.</summary>
internal sealed class NodeLock : IDisposable
{
    private readonly FileStream _file;

    private NodeLock(FileStream file) => _file = file;

    /// <exception cref="UsageException">Another server runs there.</exception>
    public static NodeLock Take(string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        try
        {
            return new(new FileStream(Path.Combine(dataDirectory, "grid.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new UsageException($"Another Grid is running in {dataDirectory}. Stop it, or choose another data directory.");
        }
    }

    public void Dispose() => _file.Dispose();
}
