namespace Grid.Domain;

/// <summary>What ingest writes down once readings are in the reading store: all of it, or nothing.</summary>
public interface ILedger
{
    /// <summary>Records a settlement in one transaction. Repeating it changes nothing but the marks' revisions.</summary>
    /// <returns>The sequence sets of every epoch of the gateways that the settlement named.</returns>
    Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> RecordAsync(Settlement settlement, CancellationToken ct);

    /// <summary>Every epoch of these gateways, or of all: what each `ack` says.</summary>
    Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> SequencesAsync(IReadOnlyCollection<GatewayName>? gateways, CancellationToken ct);

    /// <summary>Swaps and restarts of these meters, in time order.</summary>
    Task<IReadOnlyDictionary<MeterName, IReadOnlyList<MeterEvent>>> RegisterBreaksAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct);
}

/// <param name="Touched">The days whose slots may have changed.</param>
public sealed record Settlement(
    IReadOnlyCollection<QuarantinedItem> Quarantined,
    IReadOnlyCollection<(GatewayName Gateway, MeterEvent Event)> Events,
    IReadOnlyDictionary<GatewayEpoch, SequenceSet> Sequences,
    IReadOnlyCollection<(MeterName Meter, LocalDate Day)> Touched);
