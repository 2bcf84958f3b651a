using System.Globalization;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>What the log of a run says: each message once, in the order in which they first went out.</summary>
public sealed class RunLog
{
    private readonly Dictionary<(GatewayName, long Epoch, long Seq, long Tag), SentMessage> _sent = [];
    private readonly List<SentMessage> _order = [];
    private readonly Dictionary<(GatewayName, long Epoch), long> _stored = [];

    public IReadOnlyList<SentMessage> Sent => _order;

    /// <summary>When the first of the runs in it began; null for an empty log.</summary>
    public Instant? StartedAt { get; private set; }

    public long Seed { get; private set; }

    public string Scenario { get; private set; } = "";

    /// <summary>How far the backend said that an epoch is stored; 0 if it never did.</summary>
    public long StoredThrough(GatewayName gateway, long epoch) => _stored.GetValueOrDefault((gateway, epoch));

    /// <summary>Reads a log. A last line without its end was torn by a crash before anything was sent on its strength: it is left out.</summary>
    /// <exception cref="FileFaultException">There is no such file, or a line of it is none of a log's.</exception>
    public static RunLog Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            throw new FileFaultException(path, null, null, $"it cannot be opened ({unread.Message}): give the file that 'scenario run --log' wrote.");
        }
    }

    public static RunLog Parse(string path, string text)
    {
        var log = new RunLog();
        var whole = text.AsSpan(0, text.LastIndexOf('\n') + 1);
        long line = 0;
        foreach (var range in whole.Split('\n'))
        {
            line++;
            if (whole[range].IsEmpty) continue;
            if (!log.Take(whole[range].ToString().Split(' '))) throw new FileFaultException(path, line, null, "it is no line of a simulator's log: give the file that 'scenario run --log' wrote.");
        }

        if (log.StartedAt is null) throw new FileFaultException(path, null, null, "it is no simulator's log, or an empty one: give the file that 'scenario run --log' wrote.");
        return log;
    }

    private bool Take(string[] words)
    {
        switch (words)
        {
            case ["grid-sim-log", "1", var scenario, var seed, var at] when long.TryParse(seed, CultureInfo.InvariantCulture, out var number) && UtcText.TryParse(at, out var started):
                StartedAt ??= started;
                (Scenario, Seed) = (scenario, number);
                return true;
            case ["sent", var gateway, var tag, var epoch, var seq, var kind, { Length: 64 } sha256] when Key(gateway, tag, epoch, seq, out var key):
                if (!_sent.TryGetValue(key, out var sent))
                {
                    _sent.Add(key, sent = new(key.Gateway, key.Tag, key.Epoch, key.Seq, kind, sha256));
                    _order.Add(sent);
                }

                sent.Times++;
                return string.Equals(sent.Sha256, sha256, StringComparison.Ordinal);
            case ["puback", var gateway, var tag, var epoch, var seq, var reason] when Key(gateway, tag, epoch, seq, out var key):
                if (!_sent.TryGetValue(key, out var answered)) return false;
                answered.IsPubAcked |= reason is "Success" or "NoMatchingSubscribers";
                return true;
            case ["ack", var gateway, var epoch, var through] when GatewayName.TryParse(gateway, out var name) && Number(epoch, out var e) && Number(through, out var t):
                _stored[(name, e)] = Math.Max(t, StoredThrough(name, e));
                return true;
            default:
                return false;
        }
    }

    private static bool Key(string gateway, string tag, string epoch, string seq, out (GatewayName Gateway, long Epoch, long Seq, long Tag) key)
    {
        key = default;
        if (!GatewayName.TryParse(gateway, out var name) || !Number(tag, out var t) || !Number(epoch, out var e) || !Number(seq, out var s)) return false;
        key = (name, e, s, t);
        return true;
    }

    private static bool Number(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}

/// <summary>A message that went out at least once.</summary>
/// <param name="tag">Its number in the script; 0 for what the gateway said of itself.</param>
public sealed class SentMessage(GatewayName gateway, long tag, long epoch, long seq, string kind, string sha256)
{
    public GatewayName Gateway => gateway;

    public long Tag => tag;

    public long Epoch => epoch;

    public long Seq => seq;

    public string Kind => kind;

    public string Sha256 => sha256;

    public int Times { get; internal set; }

    public bool IsPubAcked { get; internal set; }
}
