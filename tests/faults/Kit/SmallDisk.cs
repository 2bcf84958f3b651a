namespace Grid.Faults;

/// <summary>A disk of a few megabytes, in memory; only root may make one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _ballast;

    private SmallDisk(string path) => (Path, _ballast) = (path, System.IO.Path.Combine(path, "ballast"));

    public string Path { get; }

    public static async Task<SmallDisk> MountAsync(string path, int megabytes, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess) throw new SkippedException("only root may mount a small disk");
        Directory.CreateDirectory(path);
        await using var mount = ServerProcess.Start("mount", "mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path]);
        if (await mount.EndAsync(ct) != 0) throw new SkippedException($"no small disk: {mount.Output}");
        return new(path);
    }

    /// <summary>Fills it to the last byte.</summary>
    public void Fill()
    {
        var block = new byte[64 * 1024];
        try
        {
            using var file = File.Open(_ballast, FileMode.Append);
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(_ballast);

    public async ValueTask DisposeAsync()
    {
        await using var unmount = ServerProcess.Start("umount", "umount", ["-l", Path]);
        await unmount.EndAsync(CancellationToken.None);
    }
}
