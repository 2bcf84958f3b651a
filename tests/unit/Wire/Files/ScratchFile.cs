using System.IO.Compression;
using System.Text;

namespace Grid.UnitTests.Wire;

/// <summary>A file of the temporary folder that goes away with the test.</summary>
internal sealed class ScratchFile : IDisposable
{
    public ScratchFile(string name, string content = "", bool packed = false)
    {
        Folder = Directory.CreateTempSubdirectory("grid-test-").FullName;
        Path = System.IO.Path.Combine(Folder, name);
        var bytes = Encoding.UTF8.GetBytes(content);
        if (!packed)
        {
            File.WriteAllBytes(Path, bytes);
            return;
        }

        using var gzip = new GZipStream(File.Create(Path), CompressionMode.Compress);
        gzip.Write(bytes);
    }

    public string Folder { get; }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>Folders of the checkout, found by walking up to Grid.sln.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    /// <summary>A file that lies beside the checkout, and is not part of it; the test is skipped where it is absent.</summary>
    public static string Neighbouring(params string[] path)
    {
        var file = Path.GetFullPath(Path.Combine([Root, "..", "shared", .. path]));
        Assert.SkipUnless(File.Exists(file), $"{string.Join('/', path)} does not lie beside the checkout.");
        return file;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Grid.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests run inside the checkout, below Grid.sln.");
    }
}
