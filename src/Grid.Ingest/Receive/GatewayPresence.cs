using System.Collections.Concurrent;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>The last word of each gateway: birth or last will. Retained on the broker, so it is not kept here.</summary>
internal sealed class GatewayPresence
{
    private readonly ConcurrentDictionary<GatewayName, StatusMessage> _last = new();

    public int Online => _last.Count(g => string.Equals(g.Value.State, StatusMessage.Online, StringComparison.Ordinal));

    public void Note(GatewayName gateway, StatusMessage? status)
    {
        if (status is not null) _last[gateway] = status;
    }
}
