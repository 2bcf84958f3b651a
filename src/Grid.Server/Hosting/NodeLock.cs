namespace Grid.Server;

/// <summary>One server a data directory: two journals in one place would be one too many.</summary>
internal sealed class NodeLock : IDisposable
{
    private readonly FileStream _file;

    private NodeLock(FileStream file) => _file = file;

    /// <exception cref="UsageException">Another server runs there, or nothing can be written there.</exception>
    public static NodeLock Take(string dataDirectory)
    {
        PrivateFile.CreateDirectory(dataDirectory);
        var file = Path.Combine(dataDirectory, "grid.lock");
        try
        {
            return new(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"{dataDirectory} cannot be written. Choose another data directory, or give this user the right.");
        }
        catch (IOException taken)
        {
            throw new UsageException($"{file} cannot be locked ({taken.Message}). If another Grid runs in this data directory stop it, or choose another.");
        }
    }

    public void Dispose() => _file.Dispose();
}
