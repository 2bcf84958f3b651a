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
