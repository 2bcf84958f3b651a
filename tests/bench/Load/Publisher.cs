namespace Grid.Benchmarks;

/// <summary>The gateways: publishes a workload over many connections and knows which message got its PUBACK.</summary>
internal sealed class Publisher : IAsyncDisposable
{
    private readonly LoadOptions _options;
    private readonly GatewayConnection[] _connections;
    private readonly CancellationTokenSource _noMore = new();

    public Publisher(LoadOptions options)
    {
        if (options.Workload.Gateways % options.Connections != 0) throw new ArgumentException("The connections must divide the gateways.", nameof(options));
        _options = options;
        _connections = [.. Enumerable.Range(0, options.Connections).Select(c => new GatewayConnection(c, options, Latency))];
    }

    public LatencyHistogram Latency { get; } = new();

    /// <summary>Messages that were sent at least once.</summary>
    public long Sent => _connections.Sum(c => c.Sent);

    public long Acknowledged => _connections.Sum(c => c.Acknowledged);

    public long Reconnects => _connections.Sum(c => c.Reconnects);

    public long Resent => _connections.Sum(c => c.Resent);

    public long Connected => _connections.Count(c => c.IsConnected);

    /// <summary>Connects everybody, a few at a time.</summary>
    public async Task ConnectAsync(CancellationToken ct) =>
        await Parallel.ForEachAsync(_connections, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = ct }, async (c, stop) => await c.ConnectAsync(stop));

    /// <summary>Publishes until every message has its PUBACK, or its <c>ack</c> where gateways wait for it.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(_connections.Select(c => Task.Run(() => c.RunAsync(start, _noMore.Token, ct), ct)));
    }

    /// <summary>No new messages; those on their way are still waited for.</summary>
    public void StopSending() => _noMore.Cancel();

    /// <summary>Numbers of the messages that were sent at least once.</summary>
    public IEnumerable<long> SentMessages() => _connections.Index().SelectMany(c => Range(c.Item.Sent).Select(turn => (turn * _options.Connections) + c.Index));

    /// <summary>Numbers of the messages that got their PUBACK.</summary>
    public IEnumerable<long> AcknowledgedMessages() =>
        _connections.Index().SelectMany(c => c.Item.AcknowledgedTurns().Select(turn => (turn * _options.Connections) + c.Index));

    private static IEnumerable<long> Range(long count)
    {
        for (long i = 0; i < count; i++) yield return i;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections) await connection.CloseAsync();
        _noMore.Dispose();
    }
}
