using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>How one gateway talks to its broker.</summary>
public sealed record GatewayClientOptions(GatewayName Gateway, string Secret)
{
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 1883;

    /// <summary>The numbering's epoch; it must rise each time numbers start again. Null: the Unix second of the start.</summary>
    public long? Epoch { get; init; }

    /// <summary>The first number; more than 1 for a gateway that kept its counter.</summary>
    public long FirstSeq { get; init; } = 1;

    /// <summary>Messages that may be on their way without PUBACK, 1 or more.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Messages kept until the backend's <c>ack</c> covers them, 1 or more. The oldest beyond it are given up.</summary>
    public int KeepMessages { get; init; } = 10_000;

    /// <summary>Their bytes, as a bound of the same kind.</summary>
    public long KeepBytes { get; init; } = 4 << 20;

    public string Firmware { get; init; } = "sim-1.0.0";

    /// <summary>What the gateway does when it is told to report at another interval; null: it refuses.</summary>
    public Action<Duration>? IntervalSet { get; init; }

    /// <summary>True for a gateway with a device that may be asked to draw less.</summary>
    public bool IsFlexible { get; init; }

    /// <summary>Pause between two pings of a silent connection; zero for none. Each gateway then wakes four times a second.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection attempt may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Without a PUBACK for so long the connection is given up and everything unacknowledged sent again on a new one.</summary>
    public TimeSpan PubAckTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>After a lost connection: how long the gateway listens for an <c>ack</c> before it sends everything again that none covers.</summary>
    public TimeSpan AckPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause between two attempts to connect again.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Told in one line when the connection is lost or comes back.</summary>
    public Action<string>? Notice { get; init; }

    public IGatewayLog? Log { get; init; }
}
