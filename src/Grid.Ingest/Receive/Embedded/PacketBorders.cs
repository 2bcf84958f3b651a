namespace Grid.Ingest;

/// <summary>Follows MQTT packets through a stream of bytes that is read no further than the end of a header at once.</summary>
internal sealed class PacketBorders
{
    private const int MaxLengthBytes = 4;
    private int _lengthBytes = -1; // -1 before the first byte of a packet
    private long _left;

    /// <summary>True between two packets.</summary>
    public bool AtBorder => _lengthBytes < 0;

    /// <summary>The first byte of the packet.</summary>
    public byte Head { get; private set; }

    /// <summary>The packet's kind; 1 is CONNECT, 3 PUBLISH.</summary>
    public int Kind => Head >> 4;

    /// <summary>What follows the header, in bytes.</summary>
    public int RemainingBytes { get; private set; }

    private bool InBody => _left > 0;

    /// <summary>True if these bytes end a packet's header.</summary>
    public bool Follow(ReadOnlySpan<byte> bytes)
    {
        var ended = false;
        while (bytes.Length > 0)
        {
            if (InBody)
            {
                var part = (int)Math.Min(_left, bytes.Length);
                Pass(part);
                bytes = bytes[part..];
                continue;
            }

            ended = FollowHeader(bytes[0]);
            bytes = bytes[1..];
        }

        return ended;
    }

    private void Pass(int part)
    {
        _left -= part;
        if (_left == 0) _lengthBytes = -1;
    }

    private bool FollowHeader(byte value)
    {
        if (_lengthBytes < 0)
        {
            (Head, RemainingBytes, _lengthBytes) = (value, 0, 0);
            return false;
        }

        RemainingBytes |= (value & 0x7F) << (7 * _lengthBytes);
        _lengthBytes++;
        // A fourth byte that asks for a fifth is malformed: as long as can be, whoever guards refuses it.
        if (value >= 0x80 && _lengthBytes < MaxLengthBytes) return false;
        if (value >= 0x80) RemainingBytes = int.MaxValue;
        _left = RemainingBytes;
        if (_left == 0) _lengthBytes = -1;
        return true;
    }
}
