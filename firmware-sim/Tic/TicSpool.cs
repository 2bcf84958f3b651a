using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>
/// The frames of one gateway that no <c>ack</c> covers yet, in a small file: <c>spool gateway</c>, then <c>frame epoch seq at base64</c>
/// and <c>ack epoch through</c>, a line each. It is appended to, and written anew with what is still kept when it is opened and
/// whenever most of it no longer is. Opening it cuts a torn last line.
/// </summary>
internal sealed class TicSpool : IGatewayLog, IDisposable
{
    // A file of so few lines is left as it is.
    private const int FewLines = 128;

    private readonly string _path;
    private readonly GatewayName _gateway;
    private readonly int _keep;
    private readonly FileStream _held;
    private readonly Lock _lock = new();
    private readonly Queue<(long Seq, Instant At, byte[] Frame)> _kept = new();
    private FileStream? _file;
    private int _lines;

    /// <param name="epoch">For a spool that begins here.</param>
    /// <param name="keep">Frames kept at most; the oldest beyond are given up.</param>
    /// <exception cref="FileFaultException">The file is no spool, or another gateway's, or another process uses it.</exception>
    public TicSpool(string path, GatewayName gateway, long epoch, int keep)
    {
        (_path, _gateway, _keep, Epoch) = (path, gateway, keep, epoch);
        _held = Hold(path);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > 0 }) Read();
            Rewrite();
        }
        catch
        {
            _held.Dispose();
            throw;
        }
    }

    public long Epoch { get; private set; }

    /// <summary>The number of the next frame.</summary>
    public long NextSeq { get; private set; } = 1;

    /// <summary>What is kept now; before the first frame of this process, what an earlier one kept.</summary>
    public IReadOnlyList<(long Seq, Instant At, byte[] Frame)> Kept
    {
        get
        {
            lock (_lock) return [.. _kept];
        }
    }

    /// <summary>Returns once the frame is on disk.</summary>
    public void Append(KeptMessage frame)
    {
        var at = frame.At!.Value;
        lock (_lock)
        {
            Keep(frame.Seq, at, frame.Payload);
            while (_kept.Count > _keep) _kept.Dequeue();
            Write(FrameLine(frame.Epoch, frame.Seq, at, frame.Payload));
        }
    }

    public ValueTask SendingAsync(GatewayName gateway, KeptMessage message) => ValueTask.CompletedTask;

    public void PubAck(GatewayName gateway, KeptMessage message, string reason)
    {
        // A PUBACK alone lets nothing go.
    }

    public void Ack(GatewayName gateway, long epoch, long storedThrough)
    {
        if (storedThrough is < 1 or long.MaxValue) return;
        lock (_lock)
        {
            if (epoch != Epoch) return;
            Forget(storedThrough);
            Write(Line($"ack {epoch} {storedThrough}\n"));
        }
    }

    public void Dispose()
    {
        lock (_lock) _file?.Dispose();
        _held.Dispose();
    }

    // A file beside it is locked: the spool itself is another one each time it is written anew.
    private static FileStream Hold(string path)
    {
        try
        {
            return new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held is not DirectoryNotFoundException)
        {
            throw new FileFaultException(path, null, null, $"it cannot be had alone ({held.Message}): stop the other process that uses it, or name another file with --spool.");
        }
    }

    private void Read()
    {
        long line = 0;
        foreach (var words in WholeLines(_path).Select(text => text.Split(' ')).DefaultIfEmpty([]))
        {
            line++;
            if (line == 1 && words is ["spool", var owner] && !string.Equals(owner, _gateway.Value, StringComparison.Ordinal))
                throw new FileFaultException(_path, line, null, $"it is the spool of gateway {owner}, not of {_gateway}: name another file with --spool.");
            if (line == 1 ? words is not ["spool", _] : !Take(words))
                throw new FileFaultException(_path, line, null, "it is no line of a spool: name another file with --spool, or move this one away.");
        }
    }

    private static IEnumerable<string> WholeLines(string path)
    {
        using var reader = new StreamReader(path, Encoding.ASCII);
        var line = new StringBuilder();
        for (int next; (next = reader.Read()) >= 0;)
        {
            if (next != '\n')
            {
                line.Append((char)next);
                continue;
            }

            yield return line.ToString();
            line.Clear();
        }
    }

    private bool Take(string[] words)
    {
        switch (words)
        {
            case ["frame", var epoch, var seq, var at, var frame]
                when Number(epoch, out var e) && Number(seq, out var s) && UtcText.TryParse(at, out var instant) && Base64.IsValid(frame):
                Epoch = e;
                Keep(s, instant, Convert.FromBase64String(frame));
                return true;
            case ["ack", var epoch, var through] when Number(epoch, out var e) && Number(through, out var t):
                Epoch = e;
                Forget(t);
                return true;
            default:
                return false;
        }
    }

    private void Keep(long seq, Instant at, byte[] frame)
    {
        NextSeq = seq + 1;
        _kept.Enqueue((seq, at, frame));
    }

    private void Forget(long through)
    {
        NextSeq = Math.Max(NextSeq, through + 1);
        while (_kept.TryPeek(out var oldest) && oldest.Seq <= through) _kept.Dequeue();
    }

    private void Write(byte[] line)
    {
        if (_file is not { CanWrite: true }) return; // heard after the end
        _file.Write(line);
        _file.Flush(flushToDisk: true);
        if (++_lines > Math.Max(FewLines, 2 * _kept.Count)) Rewrite();
    }

    // Written anew beside it, then moved: a crash leaves the old one or the new one.
    private void Rewrite()
    {
        var temporary = _path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(Line($"spool {_gateway}\n"));
            // The counter goes on though nothing may be left to send.
            file.Write(Line($"ack {Epoch} {(_kept.Count > 0 ? _kept.Peek().Seq : NextSeq) - 1}\n"));
            foreach (var (seq, at, frame) in _kept) file.Write(FrameLine(Epoch, seq, at, frame));
            file.Flush(flushToDisk: true);
        }

        _file?.Dispose();
        try
        {
            File.Move(temporary, _path, overwrite: true);
        }
        finally
        {
            _file = new(_path, FileMode.Append, FileAccess.Write, FileShare.Read); // the old one, if it could not be moved
        }

        _lines = _kept.Count + 2;
    }

    private static byte[] FrameLine(long epoch, long seq, Instant at, byte[] frame) => Line($"frame {epoch} {seq} {UtcText.Format(at)} {Convert.ToBase64String(frame)}\n");

    private static byte[] Line(FormattableString text) => Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture));

    private static bool Number(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value < long.MaxValue;
}
