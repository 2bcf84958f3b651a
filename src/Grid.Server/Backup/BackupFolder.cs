using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Grid.Server;

/// <summary>A backup's files. They hold personal data: only their owner may read them.</summary>
internal sealed class BackupFolder(string path)
{
    private const string ManifestName = "manifest.json";

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <exception cref="UsageException">There is something in it.</exception>
    public void Create()
    {
        if (File.Exists(Path) || (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any()))
            throw new UsageException($"{Path} is there and not empty: name a folder that is not there, which each backup makes for itself.");
        try
        {
            PrivateFile.CreateDirectory(Path);
        }
        catch (UsageException)
        {
            throw new UsageException($"{Path} cannot be made: name a folder where this user may write.");
        }
    }

    public FileStream CreateFile(string name)
    {
        PrivateFile.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        return PrivateFile.Create(this[name]);
    }

    /// <summary>Copies a file, through to the disk.</summary>
    public static async Task CopyAsync(string from, string to, CancellationToken ct)
    {
        PrivateFile.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
        await using var source = File.OpenRead(from);
        await using var target = PrivateFile.Create(to);
        await source.CopyToAsync(target, ct);
        target.Flush(flushToDisk: true);
    }

    /// <summary>Writes lines, compressed and through to the disk.</summary>
    public async Task WriteLinesAsync(string name, IAsyncEnumerable<ReadOnlyMemory<byte>> lines, CancellationToken ct)
    {
        await using var file = CreateFile(name);
        await using (GZipStream zip = new(file, CompressionLevel.Fastest, leaveOpen: true))
        await using (BufferedStream buffer = new(zip, 1 << 16))
        {
            await foreach (var line in lines.WithCancellation(ct))
            {
                buffer.Write(line.Span);
                buffer.WriteByte((byte)'\n');
            }
        }

        file.Flush(flushToDisk: true);
    }

    /// <exception cref="UsageException">The file is damaged.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync(string name, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var file = File.OpenRead(this[name]);
        await using GZipStream zip = new(file, CompressionMode.Decompress);
        using StreamReader reader = new(zip, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 1 << 16);
        while (await NextAsync(reader, name, ct) is { } line) yield return Encoding.UTF8.GetBytes(line);
    }

    public async Task<FileMark> MarkOfAsync(string name, CancellationToken ct)
    {
        await using var file = File.OpenRead(this[name]);
        return new(name, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)));
    }

    public IEnumerable<string> Files() => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(Path, f).Replace(System.IO.Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal);

    public void Finish(Manifest manifest) => PrivateFile.Write(this[ManifestName], JsonSerializer.SerializeToUtf8Bytes(manifest, Manifest.Form));

    /// <exception cref="UsageException">It is no backup, not a whole one, or of another format.</exception>
    public Manifest ReadManifest()
    {
        if (!Directory.Exists(Path)) throw new UsageException($"There is no folder {Path}.");
        if (!File.Exists(this[ManifestName])) throw new UsageException($"{Path} has no {ManifestName}: it is no backup, or one that was not finished. Take another.");
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(File.ReadAllBytes(this[ManifestName]), Manifest.Form) ?? throw new JsonException("null is no manifest.");
            return manifest.Format == Manifest.PresentFormat
                ? manifest
                : throw new UsageException($"{this[ManifestName]} is of format {manifest.Format}, this release reads {Manifest.PresentFormat}: restore with the release that made it.");
        }
        catch (JsonException fault)
        {
            throw new UsageException($"{this[ManifestName]} is damaged: {fault.Message} Take another backup.");
        }
    }

    /// <exception cref="UsageException">Names every file that is not what was written.</exception>
    public async Task CheckAsync(Manifest manifest, CancellationToken ct)
    {
        List<string> faults = [];
        foreach (var mark in manifest.Files)
        {
            if (!File.Exists(this[mark.Name])) faults.Add($"{mark.Name} is missing.");
            else if (await MarkOfAsync(mark.Name, ct) is var found && found.Bytes != mark.Bytes) faults.Add($"{mark.Name} has {found.Bytes} bytes where {mark.Bytes} were written.");
            else if (found != mark) faults.Add($"{mark.Name} is damaged: its SHA-256 is another.");
        }

        if (faults.Count > 0) throw new UsageException($"The backup in {Path} is not whole: {string.Join(' ', faults)} Nothing was restored; take another backup.");
    }

    private async Task<string?> NextAsync(StreamReader reader, string name, CancellationToken ct)
    {
        try
        {
            return await reader.ReadLineAsync(ct);
        }
        catch (InvalidDataException damaged)
        {
            throw new UsageException($"{this[name]} is damaged: {damaged.Message}");
        }
    }
}
