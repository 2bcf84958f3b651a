using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>What the backend says to a gateway: through the embedded broker, or as a client of an external one.</summary>
internal interface IGatewayMail
{
    Task SendAsync(GatewayName gateway, TopicKind kind, byte[] payload, bool retain, CancellationToken ct);
}
