using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>Sends a real meter's TIC frames as they come: each is on this machine's disk before it goes out, and stays until it is stored.</summary>
internal sealed class TicGateway(GatewayClient client, TicSpool spool, Duration interval, TimeProvider clock)
{
    private Instant? _last;

    /// <summary>Frames sent since the start.</summary>
    public int Frames { get; private set; }

    /// <summary>What is no frame, or part of none.</summary>
    public int Dropped { get; private set; }

    /// <summary>Reads to the end of the bytes; a serial line has none.</summary>
    public async Task RunAsync(Stream bytes, CancellationToken ct)
    {
        foreach (var (seq, at, frame) in spool.Kept) client.TakeUp(spool.Epoch, seq, TopicKind.Tic, frame, at);
        var framer = new TicFramer();
        var buffer = new byte[1024];
        for (int read; (read = await bytes.ReadAsync(buffer, ct).AsTask().WaitAsync(ct)) > 0;)
            for (var i = 0; i < read; i++)
                if (framer.Take(buffer[i])) Send(framer.Frame);
        framer.End();
        Dropped = framer.Dropped;
        await client.DrainAsync(ct);
    }

    private void Send(ReadOnlySpan<byte> frame)
    {
        var at = Instant.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (at < _last + interval) return;
        _last = at;
        byte[] payload = [0x02, .. frame, 0x03]; // STX and ETX belong to it
        var message = client.Make(TopicKind.Tic, (_, _) => payload, at: at);
        spool.Append(message);
        client.Send(message);
        Frames++;
    }
}
