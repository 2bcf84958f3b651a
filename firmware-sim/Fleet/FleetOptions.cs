using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>Where a fleet sends, and how fast.</summary>
public sealed record FleetOptions
{
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 1883;

    /// <summary>Every gateway's epoch; it must rise with each start. Null: the Unix second of the start.</summary>
    public long? Epoch { get; init; }

    /// <summary>Readings a message of the back-fill: two days of half-hours.</summary>
    public int ReadingsPerMessage { get; init; } = 96;

    /// <summary>Homes that fill back at the same time.</summary>
    public int ParallelHomes { get; init; } = 32;

    /// <summary>Messages of one gateway that may wait for their PUBACK during the back-fill.</summary>
    public int WindowPerGateway { get; init; } = 4;

    /// <summary>Messages of all gateways together that may.</summary>
    public int MaxInFlight { get; init; } = 64;

    /// <summary>Time between two live readings of a meter, whole seconds.</summary>
    public Duration LiveInterval { get; init; } = Duration.FromMinutes(1);

    /// <summary>How fast live time runs until it has caught up with the clock; then it runs with it. 1 or more.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Told in one line when a connection is lost or a gateway gives up.</summary>
    public Action<string>? Notice { get; init; }
}

/// <param name="MessagesSent">Acknowledged by the broker so far.</param>
/// <param name="MessagesInAll">0 where there is no end, as with live readings.</param>
public readonly record struct FleetProgress(long MessagesSent, long MessagesInAll, long ReadingsSent);
