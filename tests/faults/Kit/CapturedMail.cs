using System.Collections.Concurrent;
using Grid.Ingest;
using Grid.Wire;

namespace Grid.Faults;

/// <summary>What gateways would have heard.</summary>
internal sealed class CapturedMail : IGatewayMail
{
    private readonly ConcurrentDictionary<(GatewayName, long Epoch), long> _through = new();

    public ConcurrentQueue<(GatewayName Gateway, BackfillMessage Asked)> Backfills { get; } = new();

    public long StoredThrough(GatewayName gateway, long epoch = 1) => _through.GetValueOrDefault((gateway, epoch));

    public Task SendAsync(GatewayName gateway, TopicKind kind, byte[] payload, bool retain, CancellationToken ct)
    {
        if (kind is TopicKind.Backfill) Backfills.Enqueue((gateway, SmallMessages.DecodeBackfill(payload)!));
        if (kind is TopicKind.Ack)
            foreach (var epoch in SmallMessages.DecodeAck(payload)!.Epochs) _through[(gateway, epoch.Epoch)] = epoch.StoredThrough;
        return Task.CompletedTask;
    }
}
