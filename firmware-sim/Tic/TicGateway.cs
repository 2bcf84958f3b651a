using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>Sends a real meter's TIC frames as they come: each is on this machine's disk before it goes out, and stays until it is stored.</summary>
/// <param name="silent">Called once no frame has come for half a minute: a meter gives one every second or two.</param>
internal sealed class TicGateway(GatewayClient client, TicSpool spool, Duration interval, TimeProvider clock, Action? silent = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long? _last;

    /// <summary>Frames sent since the start; the first that is read is one of them.</summary>
    public int Frames { get; private set; }

    /// <summary>What is no frame, or part of none.</summary>
    public int Dropped { get; private set; }

    /// <summary>Reads to the end of the bytes; a serial line has none.</summary>
    /// <exception cref="GatewayFaultException">The login was refused meanwhile, or what is sent.</exception>
    public async Task RunAsync(Stream bytes, CancellationToken ct)
    {
        foreach (var (seq, at, frame) in spool.Kept) client.TakeUp(spool.Epoch, seq, TopicKind.Tic, frame, at);
        await using var silence = clock.CreateTimer(_ => silent?.Invoke(), null, Patience, Timeout.InfiniteTimeSpan);
        var refused = client.RefusedAsync(ct);
        var framer = new TicFramer();
        var buffer = new byte[1024];
        while (true)
        {
            var reading = bytes.ReadAsync(buffer, ct).AsTask();
            await await Task.WhenAny(refused, reading); // a line may be silent for ever, and deaf to the token
            var read = await reading;
            if (read == 0) break;
            for (var i = 0; i < read; i++)
            {
                if (!framer.Take(buffer[i])) continue;
                silence.Change(Patience, Timeout.InfiniteTimeSpan);
                Send(framer.Frame);
            }
        }

        framer.End();
        Dropped = framer.Dropped;
        await client.DrainAsync(ct);
    }

    private void Send(ReadOnlySpan<byte> frame)
    {
        // By the time that has passed: the clock on the wall may be set back.
        if (_last is { } last && clock.GetElapsedTime(last) < interval.ToTimeSpan()) return;
        _last = clock.GetTimestamp();
        byte[] payload = [0x02, .. frame, 0x03]; // STX and ETX belong to it
        var message = client.Make(TopicKind.Tic, (_, _) => payload, at: Instant.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()));
        spool.Append(message);
        client.Send(message);
        Frames++;
    }
}
