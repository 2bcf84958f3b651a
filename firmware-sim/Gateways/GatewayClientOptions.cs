using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>How one gateway talks to its broker.</summary>
public sealed record GatewayClientOptions(GatewayName Gateway, string Secret)
{
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 1883;

    /// <summary>The numbering's epoch; it must rise each time numbers start again. Null: the Unix second of the start.</summary>
    public long? Epoch { get; init; }

    /// <summary>Messages that may be on their way without PUBACK, 1 or more.</summary>
    public int Window { get; init; } = 1;

    public string Firmware { get; init; } = "sim-1.0.0";

    /// <summary>How long a connection attempt may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Without a PUBACK for so long the connection is given up and everything unacknowledged sent again on a new one.</summary>
    public TimeSpan PubAckTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest pause between two attempts to connect again.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Told in one line when the connection is lost or comes back.</summary>
    public Action<string>? Notice { get; init; }
}
