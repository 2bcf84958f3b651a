using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>What happens to a simulated neighbourhood over some hours. Everything else follows from the seed.</summary>
public sealed record Scenario
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public long Seed { get; init; } = 1;

    /// <summary>A whole UTC half-hour: the first reading.</summary>
    public required Instant Start { get; init; }

    /// <summary>Whole half-hours; the last reading stands at its end.</summary>
    public required Duration Length { get; init; }

    /// <summary>Between two readings of a meter, whole seconds that divide a day.</summary>
    public Duration Interval { get; init; } = Duration.FromMinutes(30);

    /// <summary>Instants whose readings a gateway puts into one message.</summary>
    public int ReadingsPerMessage { get; init; } = 1;

    public string TimeZone { get; init; } = LocalCalendar.DefaultZone;

    public required Composition Composition { get; init; }

    public IReadOnlyList<ScenarioFault> Faults { get; init; } = [];

    public Instant End => Start + Length;
}

/// <summary>One thing that goes wrong, for whom, and when. See the README beside the scenario files for what each kind does.</summary>
public sealed record ScenarioFault
{
    public required FaultKind Kind { get; init; }

    /// <summary>Share of the gateways that it hits, 0 to 1, drawn from the seed.</summary>
    public double Share { get; init; } = 1;

    /// <summary>The gateways that it hits, by name, instead of a share.</summary>
    public IReadOnlyList<string>? Gateways { get; init; }

    /// <summary>How likely it is for each message or reading, 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>When it begins, from the start.</summary>
    public Duration From { get; init; } = Duration.Zero;

    /// <summary>When it has ended, from the start; null: with the scenario.</summary>
    public Duration? To { get; init; }

    /// <summary>For a delay how long it lasts, for a skew how far the clock is ahead.</summary>
    public int Seconds { get; init; }

    /// <summary>For reordering: messages that are shuffled together.</summary>
    public int Messages { get; init; } = 4;

    /// <summary>For duplicates: how often a message is sent once more.</summary>
    public int Times { get; init; } = 1;

    /// <summary>For a jump: what the clock shows when it begins.</summary>
    public Instant? Clock { get; init; }

    /// <summary>For a swap: what the new meter stands at.</summary>
    public long OpeningWh { get; init; }

    /// <summary>For a rollover: the register goes from this less 1 to 0.</summary>
    public long ModulusWh { get; init; } = 1_000_000_000;

    /// <summary>For a swap or reset: the gateway tells it with an event.</summary>
    public bool Notice { get; init; }
}

public enum FaultKind
{
    Drop = 1,
    Duplicate = 2,
    Resend = 3,
    Delay = 4,
    Reorder = 5,
    ClockSkew = 6,
    ClockJump = 7,
    ClockStuck = 8,
    RegisterReset = 9,
    Rollover = 10,
    MeterSwap = 11,
    StuckRegister = 12,
    ZeroGlitch = 13,
    DecimalSlip = 14,
    Outage = 15,
    ReconnectStorm = 16,
    BadChecksum = 17,
    CorruptPayload = 18,
    Rogue = 19,
}
