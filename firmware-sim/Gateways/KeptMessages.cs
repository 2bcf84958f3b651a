using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>A numbered message that a gateway keeps until the backend's <c>ack</c> covers it.</summary>
public sealed class KeptMessage
{
    internal KeptMessage(long epoch, long seq, TopicKind kind, byte[] payload, Instant? at, long tag) =>
        (Epoch, Seq, Kind, Payload, At, Tag) = (epoch, seq, kind, payload, at, tag);

    public long Epoch { get; }

    public long Seq { get; }

    public TopicKind Kind { get; }

    public byte[] Payload { get; }

    /// <summary>When a frame without a clock of its own was read.</summary>
    public Instant? At { get; }

    /// <summary>The sender's own number for it, 0 for none.</summary>
    public long Tag { get; }

    internal KeptState State { get; set; }

    /// <summary>Called once, with its first PUBACK.</summary>
    internal Action? Acknowledged { get; set; }
}

internal enum KeptState
{
    /// <summary>Not to be sent, unless it is asked for.</summary>
    Held,

    /// <summary>To be sent as soon as there is a connection and room.</summary>
    Waiting,
    OnItsWay,

    /// <summary>Has its PUBACK: on the backend's disk, or with a broker that may yet lose it.</summary>
    Sent,
}

/// <summary>
/// What a gateway keeps, oldest first, within a bound. Beyond it what has its PUBACK goes first and without a word; what has none
/// is given up, and said to be lost. Not safe for two threads.
/// </summary>
internal sealed class KeptMessages(int maxMessages, long maxBytes)
{
    private readonly List<KeptMessage> _messages = [];
    private long _bytes;

    public int Count => _messages.Count;

    /// <summary>Waiting or on their way.</summary>
    public int Queued { get; private set; }

    public int OnTheirWay { get; private set; }

    public bool IsFull => _messages.Count > maxMessages || _bytes > maxBytes;

    public void Add(KeptMessage message)
    {
        _messages.Add(message); // numbers only rise
        _bytes += message.Payload.Length;
    }

    public void Move(KeptMessage message, KeptState to)
    {
        Tally(message.State, -1);
        Tally(to, 1);
        message.State = to;
    }

    public KeptMessage? NextWaiting() => Queued > OnTheirWay ? _messages.Find(m => m.State == KeptState.Waiting) : null;

    public IEnumerable<KeptMessage> Between(long epoch, long from, long to)
    {
        for (var i = IndexOf(epoch, from); i < _messages.Count && _messages[i].Epoch == epoch && _messages[i].Seq <= to; i++) yield return _messages[i];
    }

    public IEnumerable<KeptMessage> All => _messages;

    /// <summary>Forgets what is stored.</summary>
    public void ForgetThrough(long epoch, long seq)
    {
        var first = IndexOf(epoch, 1);
        var end = first;
        while (end < _messages.Count && _messages[end].Epoch == epoch && _messages[end].Seq <= seq) end++;
        RemoveRange(first, end, m => m.State is KeptState.Sent or KeptState.Held);
    }

    public void Remove(KeptMessage message)
    {
        Tally(message.State, -1);
        _bytes -= message.Payload.Length;
        _messages.RemoveAt(IndexOf(message.Epoch, message.Seq));
        message.State = KeptState.Held;
    }

    /// <summary>Makes room; answers what is given up without ever having had its PUBACK.</summary>
    public List<KeptMessage> Shrink()
    {
        List<KeptMessage> givenUp = [];
        while (IsFull)
        {
            if ((_messages.Find(m => m.State is KeptState.Sent) ?? _messages.Find(m => m.State is not KeptState.OnItsWay && m.Kind is not TopicKind.Events)) is not { } oldest) break;
            if (oldest.State is not KeptState.Sent) givenUp.Add(oldest);
            Remove(oldest);
        }

        return givenUp;
    }

    private void RemoveRange(int from, int to, Predicate<KeptMessage> which)
    {
        var kept = from;
        for (var i = from; i < to; i++)
        {
            if (which(_messages[i])) _bytes -= _messages[i].Payload.Length;
            else _messages[kept++] = _messages[i];
        }

        _messages.RemoveRange(kept, to - kept);
    }

    private int IndexOf(long epoch, long seq)
    {
        var (low, high) = (0, _messages.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if ((_messages[middle].Epoch, _messages[middle].Seq).CompareTo((epoch, seq)) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private void Tally(KeptState state, int by)
    {
        if (state is KeptState.Waiting or KeptState.OnItsWay) Queued += by;
        if (state is KeptState.OnItsWay) OnTheirWay += by;
    }
}
