using System.Runtime.InteropServices;

namespace Grid.Server;

/// <summary>Files that only their owner may read; replaced whole, so that a killed process leaves the old or the new one.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>From now on: whatever this process makes is its owner's alone, such as SQLite's files in a directory that others may enter.</summary>
    public static void AlwaysPrivate()
    {
        if (!OperatingSystem.IsWindows()) _ = SetMask(0b000_111_111);
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetMask(uint denied);

    /// <summary>Makes a directory that only its owner may enter; one that is there stays as it is.</summary>
    /// <exception cref="UsageException">It cannot be made.</exception>
    public static void CreateDirectory(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be used as a directory ({refused.Message}). Choose another data directory: --data-directory for the demo, Grid__DataDirectory else.");
        }
    }

    /// <summary>An empty file to write to, in place of one that is there.</summary>
    public static FileStream Create(string path)
    {
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) create.UnixCreateMode = OwnerOnly;
        return new(path, create);
    }

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        CreateDirectory(Path.GetDirectoryName(path)!);
        var fresh = path + ".new";
        using (var file = Create(fresh))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
