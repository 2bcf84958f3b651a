using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>How a recording becomes messages, and where they go.</summary>
public sealed record ReplayOptions
{
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 1883;

    /// <summary>Every gateway's epoch; it must rise with each replay through the same gateway. Null: the Unix second of the start.</summary>
    public long? Epoch { get; init; }

    /// <summary>Which gateway carries a household's meter.</summary>
    public required Func<string, GatewayName> GatewayOf { get; init; }

    public required Func<GatewayName, string> SecretOf { get; init; }

    /// <summary>Stands before the household's name to make the meter's.</summary>
    public string MeterPrefix { get; init; } = "";

    /// <summary>What every register stands at when the recording begins.</summary>
    public long BaseWh { get; init; }

    /// <summary>At most <see cref="WireLimits.MaxReadings"/>.</summary>
    public int ReadingsPerMessage { get; init; } = 480;

    /// <summary>Messages of one gateway that may wait for their PUBACK.</summary>
    public int Window { get; init; } = 8;

    public Action<string>? Notice { get; init; }
}

/// <summary>One message of a replay, ready to be sent.</summary>
/// <param name="Seq">As it stands in the payload.</param>
/// <param name="Readings">How many it holds; 0 for an event.</param>
public sealed record ReplayMessage(TopicKind Kind, long Seq, int Readings, byte[] Payload);
