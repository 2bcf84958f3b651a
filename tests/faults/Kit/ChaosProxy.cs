using System.Net;
using System.Net.Sockets;

namespace Grid.Faults;

/// <summary>A bad line between gateways and a broker: it delays, cuts in the middle of a packet, resets, swallows answers, or goes silent.</summary>
internal sealed class ChaosProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly List<TcpClient> _open = [];
    private readonly Random _random;
    private readonly int _behind;
    private readonly Task _accepting;

    public ChaosProxy(int behind, Random random)
    {
        (_behind, _random) = (behind, random);
        _listener.Start(512);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Chance that a piece from a gateway is cut in its middle, the connection then reset.</summary>
    public double CutsRequests { get; set; }

    /// <summary>Chance that what the broker answers is swallowed and the connection reset: what it acknowledged is not heard.</summary>
    public double CutsAnswers { get; set; }

    /// <summary>No byte passes, and nobody is told.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What the broker answers waits, what gateways say passes.</summary>
    public bool IsMute { get; set; }

    public int Cuts { get; private set; }

    /// <summary>Resets all that is open.</summary>
    public void CutAll()
    {
        lock (_lock)
        {
            foreach (var client in _open) Reset(client);
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        CutAll();
        await _accepting;
        _stopping.Dispose();
    }

    private static void Reset(TcpClient client)
    {
        try
        {
            if (client.Client is { } socket) socket.LingerState = new(true, 0); // RST, not FIN
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        client.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var gateway = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _ = Task.Run(() => CarryAsync(gateway));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopping.
        }
    }

    private async Task CarryAsync(TcpClient gateway)
    {
        TcpClient broker = new();
        try
        {
            await broker.ConnectAsync(IPAddress.Loopback, _behind, _stopping.Token);
            lock (_lock) _open.AddRange([gateway, broker]);
            await Task.WhenAny(PumpAsync(gateway, broker, () => CutsRequests, () => IsSilent), PumpAsync(broker, gateway, () => CutsAnswers, () => IsSilent || IsMute));
        }
        catch (SocketException)
        {
            // The broker is away.
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        finally
        {
            Reset(gateway);
            Reset(broker);
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Func<double> cuts, Func<bool> waits)
    {
        var buffer = new byte[2_048];
        try
        {
            while (true)
            {
                var read = await from.GetStream().ReadAsync(buffer, _stopping.Token);
                if (read == 0) return;
                while (waits()) await Task.Delay(20, _stopping.Token);
                var (cut, keep, delay) = Chance(cuts(), read);
                if (delay > 0) await Task.Delay(delay, _stopping.Token);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, keep), _stopping.Token);
                if (cut) return;
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Cut from either side.
        }
    }

    private (bool Cut, int Keep, int DelayMs) Chance(double cuts, int read)
    {
        lock (_lock)
        {
            var cut = _random.NextDouble() < cuts;
            if (cut) Cuts++;
            return (cut, cut ? _random.Next(read) : read, _random.Next(10) == 0 ? _random.Next(20) : 0);
        }
    }
}
