using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Grid.Wire;

/// <summary>Opens text that people hand in: UTF-8 with or without a byte order mark, plain or gzip, told by its first bytes.</summary>
internal static class DataFile
{
    public static TextReader OpenText(string path)
    {
        var file = Open(path);
        if (file is FileStream plain && WhyNoText(plain) is { } why)
        {
            file.Dispose();
            throw new FileFaultException(path, null, null, why);
        }

        return new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
    }

    public static Stream Open(string path)
    {
        if (Directory.Exists(path)) throw new FileFaultException(path, null, null, "it is a folder: name a file in it.");
        FileStream file;
        try
        {
            file = File.OpenRead(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new FileFaultException(path, null, null, $"it cannot be opened ({missing.Message}): check the path and that you may read it.");
        }

        if (!file.CanSeek)
        {
            file.Dispose();
            throw new FileFaultException(path, null, null, "it is a pipe, and is read more than once: save it to a file first.");
        }

        var packed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return packed ? new WholeGZip(file) : file;
    }

    private static string? WhyNoText(FileStream file)
    {
        Span<byte> start = stackalloc byte[4096];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        if (start.StartsWith("PK\u0003\u0004"u8)) return "it is a zip archive or a workbook: unpack it, or save the sheet as CSV.";
        return start.Contains((byte)0) && start is not ([0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) ? "it is no text: give a CSV file, in UTF-8." : null;
    }
}

/// <summary>
/// Unpacks gzip and holds the length against the one that stands at its end: GZipStream takes a file that was cut short
/// for a complete one, and half a recording would pass for the whole.
/// </summary>
internal sealed class WholeGZip : Stream
{
    private readonly GZipStream _unpacked;
    private readonly uint _expected;
    private uint _read;

    public WholeGZip(FileStream file)
    {
        Span<byte> length = stackalloc byte[4];
        file.Seek(-Math.Min(4, file.Length), SeekOrigin.End);
        _expected = file.ReadAtLeast(length, 4, throwOnEndOfStream: false) == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(length) : uint.MaxValue;
        file.Position = 0;
        _unpacked = new(file, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = _unpacked.Read(buffer);
        unchecked
        {
            _read += (uint)read;
        }

        return read > 0 || buffer.IsEmpty || _read == _expected
            ? read
            : throw new InvalidDataException("the packed data ends early, or is several files in one");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }
}
