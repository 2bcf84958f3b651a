using Grid.Ingest;
using Grid.Storage;

namespace Grid.Faults;

/// <summary>How a row wants its core.</summary>
internal sealed record CoreOptions
{
    /// <summary>Where an earlier core's files are; null for a new directory.</summary>
    public string? Data { get; init; }

    /// <summary>Where the journal is, if not there.</summary>
    public string? JournalIn { get; init; }

    public IngestOptions Ingest { get; init; } = new() { AckInterval = TimeSpan.Zero, ReorderWindow = TimeSpan.FromMilliseconds(500) };

    /// <summary>True: gateways connect by MQTT. False: their messages go into the inbox, and what they would hear is kept.</summary>
    public bool ByMqtt { get; init; }

    public BrokerOptions Broker { get; init; } = new() { MaxPacketsPerSecond = 100_000 };

    /// <summary>Null for the pair's own.</summary>
    public StoreOptions? Store { get; init; }

    /// <summary>How long to wait for InfluxDB.</summary>
    public TimeSpan StorePatience { get; init; } = TimeSpan.FromSeconds(60);

    public RegistryOptions Registry { get; init; } = new();

    public Func<IReadingStore, IReadingStore>? StoreFaults { get; init; }

    public Func<ILedger, ILedger>? LedgerFaults { get; init; }

    public Func<IGatewayLocks, IGatewayLocks>? LockFaults { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>False: nothing settles, the journal keeps all.</summary>
    public bool Settles { get; init; } = true;
}
