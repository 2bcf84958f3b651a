using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>Where a scenario is played, and how fast.</summary>
public sealed record ScenarioRunOptions
{
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 1883;

    public required Func<GatewayName, string> SecretOf { get; init; }

    /// <summary>How many times faster than the clock; 0: as fast as the windows allow. Never ahead of the clock: no reading is sent before its instant.</summary>
    public double Speed { get; init; }

    /// <summary>Every gateway's epoch; it must rise with each run against the same backend. Null: the Unix second of the start.</summary>
    public long? Epoch { get; init; }

    /// <summary>Messages of one gateway that may wait for their PUBACK.</summary>
    public int Window { get; init; } = 4;

    /// <summary>Messages of all gateways together that may.</summary>
    public int MaxInFlight { get; init; } = 256;

    /// <summary>Gateways that connect at the same time at the start; later they come back as the scenario says.</summary>
    public int MaxConnecting { get; init; } = 64;

    /// <summary>Messages that a gateway keeps at most until <c>ack</c> covers them.</summary>
    public int KeepMessages { get; init; } = 10_000;

    /// <summary>How long each gateway waits at its end for the backend's <c>ack</c>.</summary>
    public TimeSpan AckWait { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(15);

    public IGatewayLog? Log { get; init; }

    /// <summary>Told in one line when a gateway gives up.</summary>
    public Action<string>? Notice { get; init; }
}

/// <param name="Gateways">That played to their end.</param>
/// <param name="Messages">Acknowledged by the broker, each once however often it went out.</param>
/// <param name="RawRefused">Of those without a number, how many the broker refused, or never got because the gateway was off the net.</param>
/// <param name="Failed">Gateways that gave up, with the sentence for it.</param>
public sealed record RunSummary(int Gateways, long Messages, long Readings, long Raw, long RawRefused, IReadOnlyList<(GatewayName Gateway, string Why)> Failed);
