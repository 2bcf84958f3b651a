using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Grid.Ingest;

/// <summary>Writes the journal's fields into a buffer that is used again: a stream and an array a commit would be garbage of the largest kind.</summary>
internal readonly ref struct BytesOut(IBufferWriter<byte> output)
{
    public void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void Number(long value)
    {
        var span = output.GetSpan(10);
        var (rest, length) = (unchecked((ulong)value), 0);
        for (; rest > 0x7F; rest >>= 7) span[length++] = unchecked((byte)(rest | 0x80));
        span[length++] = (byte)rest;
        output.Advance(length);
    }

    public void Fixed(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    public void Real(double value) => Fixed(BitConverter.DoubleToInt64Bits(value));

    public void Text(string text)
    {
        Number(Encoding.UTF8.GetByteCount(text));
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }

    public void Block(ReadOnlySpan<byte> block)
    {
        Number(block.Length);
        output.Write(block);
    }
}

/// <summary>Reads what <see cref="BytesOut"/> wrote.</summary>
internal ref struct BytesIn(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    public byte Byte()
    {
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public long Number()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= unchecked((ulong)(next & 0x7F) << shift);
            if (next < 0x80) return unchecked((long)value);
        }
    }

    public int Count() => (int)Number();

    public long Fixed()
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    public double Real() => BitConverter.Int64BitsToDouble(Fixed());

    public string Text() => Encoding.UTF8.GetString(Block());

    public ReadOnlySpan<byte> Block()
    {
        var length = Count();
        var block = _rest[..length];
        _rest = _rest[length..];
        return block;
    }
}
