namespace Grid.FirmwareSim;

/// <summary>What came of holding a backend against the truth.</summary>
public sealed class VerifyReport
{
    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Keys (meter and instant) sent at least once.</summary>
    public long Sent { get; internal set; }

    /// <summary>Of those, acknowledged.</summary>
    public long Acknowledged { get; internal set; }

    public long Stored { get; internal set; }

    /// <summary>Of what was sent, by reason.</summary>
    public SortedDictionary<string, long> Quarantined { get; } = new(StringComparer.Ordinal);

    /// <summary>Sent and not acknowledged: may be there, or not.</summary>
    public long Unknown { get; internal set; }

    public long UnknownStored { get; internal set; }

    /// <summary>True if nothing was lost, counted twice, changed or made up.</summary>
    public bool Holds => Count(Breach.Lost) + Count(Breach.DoubleCounted) + Count(Breach.Conflict) + Count(Breach.Phantom) == 0;

    public int Count(Breach breach) => _findings.Count(f => f.Breach == breach);

    internal void Add(Breach breach, string what) => _findings.Add(new(breach, what));
}

/// <param name="What">Which meter or message, when, and what is wrong.</param>
public sealed record Finding(Breach Breach, string What);

public enum Breach
{
    /// <summary>Acknowledged, and neither stored nor quarantined.</summary>
    Lost = 1,

    /// <summary>Stored twice for one meter and instant, or more energy than passed.</summary>
    DoubleCounted = 2,

    /// <summary>Stored with another value than what was sent first and accepted.</summary>
    Conflict = 3,

    /// <summary>Stored and never sent, or sent by one who has no say.</summary>
    Phantom = 4,

    /// <summary>Another fate than the scenario's faults lead to. No breach of a promise by itself.</summary>
    Unexpected = 5,
}
