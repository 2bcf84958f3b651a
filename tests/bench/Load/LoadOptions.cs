namespace Grid.Benchmarks;

/// <summary>How a load is published.</summary>
/// <param name="Port">Where on the loopback the broker listens.</param>
/// <param name="Messages">How many; <see cref="long.MaxValue"/> until it is told to stop.</param>
internal sealed record LoadOptions(int Port, Workload Workload, long Messages)
{
    /// <summary>Divides the gateways: each connection speaks for every n-th of them.</summary>
    public required int Connections { get; init; }

    /// <summary>Messages of a connection without their PUBACK, at most.</summary>
    public required int Window { get; init; }

    /// <summary>User and password of a connection; its client id is the user where it is a gateway's own.</summary>
    public required Func<int, (string ClientId, string User, string Password)> Login { get; init; }

    /// <summary>Of all connections together; null as fast as they go.</summary>
    public double? MessagesASecond { get; init; }

    /// <summary>Gateways keep a message until <c>ack</c> covers it. Needs a connection a gateway.</summary>
    public bool KeepUntilAck { get; init; }
}
