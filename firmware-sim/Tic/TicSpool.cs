using System.Globalization;
using System.Text;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>
/// The frames of a gateway that no <c>ack</c> covers yet, in a small file that is only appended to: <c>frame epoch seq at base64</c>
/// and <c>ack epoch through</c>, a line each. Opening it cuts a torn last line and leaves out what is stored.
/// </summary>
internal sealed class TicSpool : IGatewayLog, IDisposable
{
    private readonly FileStream _file;
    private readonly Lock _lock = new();
    private readonly List<(long Seq, Instant At, byte[] Frame)> _kept = [];

    /// <param name="epoch">For a spool that begins here.</param>
    /// <exception cref="FileFaultException">The file is no spool.</exception>
    public TicSpool(string path, long epoch)
    {
        Epoch = epoch;
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        long line = 0;
        foreach (var whole in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            line++;
            if (!Take(whole.Split(' '))) throw new FileFaultException(path, line, null, "it is no line of a spool: name another file with --spool, or move this one away.");
        }

        // Written anew beside it, then moved: a crash leaves the old one or the new one.
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            // The counter goes on though nothing may be left to send.
            file.Write(Line($"ack {Epoch} {(_kept.Count > 0 ? _kept[0].Seq : NextSeq) - 1}\n"));
            foreach (var (seq, at, frame) in _kept) file.Write(FrameLine(Epoch, seq, at, frame));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    public long Epoch { get; private set; }

    /// <summary>The number of the next frame.</summary>
    public long NextSeq { get; private set; } = 1;

    /// <summary>What an earlier process kept.</summary>
    public IReadOnlyList<(long Seq, Instant At, byte[] Frame)> Kept => _kept;

    /// <summary>Returns once the frame is on disk.</summary>
    public void Append(KeptMessage frame) => Write(FrameLine(frame.Epoch, frame.Seq, frame.At!.Value, frame.Payload));

    public ValueTask SendingAsync(GatewayName gateway, KeptMessage message) => ValueTask.CompletedTask;

    public void PubAck(GatewayName gateway, KeptMessage message, string reason)
    {
        // A PUBACK alone lets nothing go.
    }

    public void Ack(GatewayName gateway, long epoch, long storedThrough)
    {
        if (epoch == Epoch && storedThrough > 0) Write(Line($"ack {epoch} {storedThrough}\n"));
    }

    public void Dispose() => _file.Dispose();

    private bool Take(string[] words)
    {
        switch (words)
        {
            case ["frame", var epoch, var seq, var at, var frame] when Number(epoch, out var e) && Number(seq, out var s) && UtcText.TryParse(at, out var instant):
                (Epoch, NextSeq) = (e, s + 1);
                _kept.Add((s, instant, Convert.FromBase64String(frame)));
                return true;
            case ["ack", var epoch, var through] when Number(epoch, out var e) && Number(through, out var t):
                (Epoch, NextSeq) = (e, Math.Max(NextSeq, t + 1));
                _kept.RemoveAll(k => k.Seq <= t);
                return true;
            default:
                return false;
        }
    }

    private void Write(byte[] line)
    {
        lock (_lock)
        {
            if (!_file.CanWrite) return; // heard after the end
            _file.Write(line);
            _file.Flush(flushToDisk: true);
        }
    }

    private static byte[] FrameLine(long epoch, long seq, Instant at, byte[] frame) => Line($"frame {epoch} {seq} {UtcText.Format(at)} {Convert.ToBase64String(frame)}\n");

    private static byte[] Line(FormattableString text) => Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture));

    private static bool Number(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
