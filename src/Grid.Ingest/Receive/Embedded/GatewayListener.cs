using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Server;

namespace Grid.Ingest;

/// <summary>Takes connections for the embedded broker, by TLS if so configured, and keeps them within bounds of number and time.</summary>
internal sealed partial class GatewayListener(BrokerOptions options, BrokerMetrics metrics, TimeProvider clock, ILogger logger) : IMqttServerAdapter
{
    private const int Backlog = 4_096;
    private const int MaxStrangers = 2_000;
    private const int WriterBytes = 512; // what grows beyond is given back; 10,000 connections would hold 40 MB at MQTTnet's own 4 KiB
    private const int MaxWriterBytes = 65_535;
    private static readonly TimeSpan TimeToConnect = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TimeForPacket = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TimeToListen = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BreathAfterFailure = TimeSpan.FromMilliseconds(200);

    private readonly BrokerOptions _options = options;
    private readonly long _highestDescriptor = Descriptors.HighestForConnections();
    private readonly ConcurrentDictionary<GatewayConnection, long> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _strangers = new(MaxStrangers, MaxStrangers);
    private readonly BrokerCertificates? _certificates = options.Tls ? new(options, clock, logger) : null;
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;
    private IMqttNetLogger _mqttLogger = MqttNetNullLogger.Instance;
    private int _count;
    private int _disposed;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<GatewayConnection> Connections => _connections.Keys;

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        _mqttLogger = logger;
        _certificates?.Handshake(); // unreadable, they stop the start
        var endpoint = new IPEndPoint(IPAddress.Parse(_options.Host), _options.Port);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _socket = socket;
        socket.Bind(endpoint);
        socket.Listen(Backlog);
        _accepting = Task.Run(() => AcceptAsync(socket));
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await StopAcceptingAsync();
        foreach (var connection in Connections) connection.Dispose();
    }

    public async Task StopAcceptingAsync()
    {
        await _stopping.CancelAsync();
        _socket?.Dispose();
        await _accepting;
    }

    /// <summary>Ends what is too slow: a CONNECT, a packet in either direction.</summary>
    public Task EndSlowAsync() => Task.WhenAll(_connections.Where(IsSlow).Select(c =>
    {
        metrics.Refused(RefusedBecause.TooSlow);
        return c.Key.EndAsync(MQTTnet.Protocol.MqttDisconnectReasonCode.MaximumConnectTime);
    }));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return; // the server disposes its adapters too
        _stopping.Cancel();
        _socket?.Dispose();
        foreach (var connection in Connections) connection.Dispose();
        _stopping.Dispose();
    }

    private bool IsSlow(KeyValuePair<GatewayConnection, long> entry)
    {
        var (reading, writing) = entry.Key.Busy;
        return reading > TimeForPacket || writing > TimeToListen || (entry.Key.Admitted is null && clock.GetElapsedTime(entry.Value) > TimeToConnect);
    }

    private async Task AcceptAsync(Socket listening)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _strangers.WaitAsync(_stopping.Token); // too many who have not said who they are: others wait in the kernel's queue
                Socket socket;
                try
                {
                    socket = await listening.AcceptAsync(_stopping.Token);
                }
                catch
                {
                    _strangers.Release();
                    throw;
                }

                // Here, not in its task: a busy process would take hundreds before the first is looked at.
                if (Count >= _options.MaxConnections || socket.Handle > _highestDescriptor)
                {
                    metrics.Refused(RefusedBecause.Full);
                    socket.Dispose();
                    _strangers.Release();
                    continue;
                }

                Interlocked.Increment(ref _count);
                _ = Task.Run(() => HandleAsync(socket));
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                Log.NotAccepted(logger, failure.Message); // out of file descriptors, for one: those who are connected go on
                await Task.Delay(BreathAfterFailure, clock, CancellationToken.None);
            }
        }
    }

    private async Task HandleAsync(Socket socket)
    {
        var stranger = new StrongBox<bool>(true);
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true); // a client may have asked for no keep-alive of MQTT's
            await using var plain = new NetworkStream(socket, ownsSocket: true);
            var (stream, certificate) = await SecureAsync(plain);
            using var channel = new GuardedChannel(socket, stream, certificate, clock);
            var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(WriterBytes, MaxWriterBytes));
            using var adapter = new MqttChannelAdapter(channel, formatter, _mqttLogger);
            using var connection = new GatewayConnection(channel, adapter, () => Release(stranger));
            _connections[connection] = clock.GetTimestamp();
            try
            {
                if (ClientHandler is { } handler) await handler(connection);
            }
            finally
            {
                _connections.TryRemove(connection, out _);
            }
        }
        catch (Exception failure)
        {
            Log.Lost(logger, failure);
        }
        finally
        {
            socket.Dispose();
            Interlocked.Decrement(ref _count);
            Release(stranger);
        }
    }

    private void Release(StrongBox<bool> stranger)
    {
        if (Interlocked.Exchange(ref stranger.Value, false)) _strangers.Release();
    }

    private async Task<(Stream Stream, X509Certificate2? Certificate)> SecureAsync(NetworkStream plain)
    {
        if (_certificates is null) return (plain, null);
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            using var enough = new CancellationTokenSource(TimeToConnect, clock);
            await secure.AuthenticateAsServerAsync(_certificates.Handshake(), enough.Token);
            return (secure, secure.RemoteCertificate as X509Certificate2);
        }
        catch
        {
            metrics.Refused(RefusedBecause.Certificate);
            await secure.DisposeAsync();
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No connection can be accepted for now: {Why}")]
        public static partial void NotAccepted(ILogger logger, string why);

        [LoggerMessage(2, LogLevel.Debug, "A connection ended before its time.")]
        public static partial void Lost(ILogger logger, Exception failure);
    }
}
