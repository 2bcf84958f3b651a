using System.Collections.Concurrent;
using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>Plays a scenario against a broker: every gateway with a connection of its own, asleep while nothing is due.</summary>
public sealed class ScenarioRun : IAsyncDisposable
{
    private readonly ScenarioRunOptions _options;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _inFlight;
    private readonly SemaphoreSlim _connecting;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ConcurrentBag<(GatewayName, string)> _failed = [];
    private long _messages;
    private long _readings;
    private long _raw;
    private long _rawRefused;
    private int _played;
    private int _connected;

    public ScenarioRun(Scenario scenario, ScenarioRunOptions options, TimeProvider clock)
    {
        (Script, _options, _clock) = (new(scenario), options, clock);
        _inFlight = new(options.MaxInFlight, options.MaxInFlight);
        _connecting = new(options.MaxConnecting, options.MaxConnecting);
    }

    public Script Script { get; }

    /// <summary>Gateways that have connected.</summary>
    public int Connected => Volatile.Read(ref _connected);

    public FleetProgress Progress => new(Interlocked.Read(ref _messages), MessagesInAll, Interlocked.Read(ref _readings));

    /// <summary>About how many messages the scenario makes; faults add to them.</summary>
    public long MessagesInAll
    {
        get
        {
            var instants = (long)(Script.Scenario.Length / Script.Scenario.Interval) + 1;
            return Script.Gateways.Count * ((instants + Script.Scenario.ReadingsPerMessage - 1) / Script.Scenario.ReadingsPerMessage);
        }
    }

    /// <summary>Plays from the start to the end.</summary>
    /// <param name="progress">Told with every message that the broker acknowledges.</param>
    /// <exception cref="GatewayFaultException">The broker does not answer at first, or accepts none of the gateways.</exception>
    public async Task<RunSummary> RunAsync(IProgress<FleetProgress>? progress, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _disposed.Token);
        var epoch = _options.Epoch ?? _clock.GetUtcNow().ToUnixTimeSeconds();
        GatewayClient[] clients = [.. Script.Gateways.Select(g => Client(g, epoch))];
        try
        {
            await clients[0].ConnectAsync(either.Token); // a wrong address or secret shows at once
            var time = new PlayClock(_clock, Script.Scenario.Start, _options.Speed);
            await Task.WhenAll(Script.Gateways.Zip(clients, (script, client) => PlayAsync(script, client, time, progress, either.Token)));
        }
        finally
        {
            await Parallel.ForEachAsync(clients, new ParallelOptions { MaxDegreeOfParallelism = _options.MaxConnecting, CancellationToken = CancellationToken.None }, (client, _) => client.DisposeAsync());
        }

        return new(_played, _messages, _readings, _raw, _rawRefused, [.. _failed.Order()]);
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        _disposed.Dispose();
        _inFlight.Dispose();
        _connecting.Dispose();
    }

    private GatewayClient Client(GatewayScript script, long epoch) => new(
        new(script.Name, _options.SecretOf(script.Name))
        {
            Host = _options.Host,
            Port = _options.Port,
            Epoch = epoch,
            Window = _options.Window,
            KeepMessages = _options.KeepMessages,
            KeepBytes = long.MaxValue, // their number is the bound
            MaxBackOff = _options.MaxBackOff,
            KeepAlive = TimeSpan.Zero, // its timer would wake every gateway four times a second
            IsFlexible = script.Meters.Any(m => m.Install.Kind is MeterKind.Battery or MeterKind.EvCharger),
            Log = _options.Log,
        },
        _clock, _inFlight);

    private async Task PlayAsync(GatewayScript script, GatewayClient client, PlayClock time, IProgress<FleetProgress>? progress, CancellationToken ct)
    {
        try
        {
            await Task.Yield(); // thousands begin here
            await ConnectAsync(client, ct);
            var player = new GatewayPlayer(script, client, message =>
            {
                Interlocked.Increment(ref _messages);
                Interlocked.Add(ref _readings, message.Readings.Count);
                progress?.Report(Progress);
            });
            foreach (var action in script.Actions())
            {
                await time.UntilAsync(action.At, ct);
                if (action.Raw is { } raw) await PlayRawAsync(client, raw, ct);
                else await player.PlayAsync(action, ct);
            }

            client.GoOnline(); // an outage to the end of the scenario ends with it
            await client.DrainAsync(ct);
            await client.StoredAsync(ct).WaitAsync(_options.AckWait, _clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
            Interlocked.Increment(ref _played);
        }
        catch (GatewayFaultException fault)
        {
            // One gateway that was revoked must not silence its neighbours.
            _options.Notice?.Invoke($"{script.Name}: {fault.Message}");
            _failed.Add((script.Name, fault.Message));
            if (_failed.Count == Script.Gateways.Count) throw;
        }
    }

    private async Task ConnectAsync(GatewayClient client, CancellationToken ct)
    {
        await _connecting.WaitAsync(ct);
        try
        {
            await client.ReconnectAsync(ct);
            Interlocked.Increment(ref _connected);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task PlayRawAsync(GatewayClient client, RawMessage raw, CancellationToken ct)
    {
        Interlocked.Increment(ref _raw);
        if (client.IsOffline)
        {
            Interlocked.Increment(ref _rawRefused); // nothing keeps it, and only a later action brings the gateway back
            return;
        }

        try
        {
            if (await client.PublishRawAsync(raw.Topic, raw.Payload, ct) is not ("Success" or "NoMatchingSubscribers")) Interlocked.Increment(ref _rawRefused);
        }
        catch (Exception cut) when (cut is not GatewayFaultException && !ct.IsCancellationRequested)
        {
            Interlocked.Increment(ref _rawRefused); // some brokers cut the connection instead
        }
    }
}
