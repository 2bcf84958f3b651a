namespace Grid.Wire;

/// <summary>
/// Cuts a stream of Linky TIC bytes into frames: STX, groups, ETX (Enedis-NOI-CPT_54E v3, and meter-formats, "Linky TIC").
/// It may be opened in the middle of a stream: it waits for STX. A new STX drops the frame that is open, EOT aborts it.
/// The top bit is stripped, so that a port opened 8N1 reads as one opened 7E1. Not safe for two threads.
/// </summary>
public sealed class TicFramer
{
    /// <summary>Bytes between STX and ETX; the longest frame of the specification, a producer's in three phases, is under half of it.</summary>
    public const int MaxFrameBytes = 4096;

    internal const byte Stx = 0x02;
    internal const byte Etx = 0x03;
    internal const byte Eot = 0x04;

    private readonly byte[] _frame = new byte[MaxFrameBytes];
    private int _length;
    private bool _open;
    private bool _told;

    /// <summary>Bytes taken so far.</summary>
    public long Position { get; private set; }

    /// <summary>Where the STX of the last frame stood.</summary>
    public long Start { get; private set; }

    /// <summary>Frames, and runs of bytes outside any frame, that were dropped.</summary>
    public int Dropped { get; private set; }

    /// <summary>What stands between STX and ETX, without the parity bit; good until the next byte is taken.</summary>
    public ReadOnlySpan<byte> Frame => _frame.AsSpan(0, _length);

    /// <summary>Takes one byte; true when it closes a frame.</summary>
    public bool Take(byte raw)
    {
        var value = (byte)(raw & 0x7F);
        Position++;
        if (value == Stx)
        {
            if (_open) Dropped++;
            (_open, _told, _length, Start) = (true, false, 0, Position - 1);
            return false;
        }

        if (_open && value == Etx)
        {
            _open = false;
            return true;
        }

        if (_open && value != Eot && _length < MaxFrameBytes) _frame[_length++] = value;
        else if (_open || value is not ((byte)'\r' or (byte)'\n')) Drop();
        return false;
    }

    /// <summary>Says that no more bytes will come: a frame that is still open is dropped.</summary>
    public void End()
    {
        if (_open) Drop();
    }

    // What follows a dropped frame up to the next STX belongs to it, and is not told again.
    private void Drop()
    {
        if (!_told) Dropped++;
        (_open, _told) = (false, true);
    }
}
