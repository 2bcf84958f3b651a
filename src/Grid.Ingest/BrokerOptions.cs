namespace Grid.Ingest;

/// <summary>The MQTT broker: section <c>Grid:Broker</c>.</summary>
public sealed class BrokerOptions
{
    public BrokerKind Kind { get; set; } = BrokerKind.Embedded;

    /// <summary>External: where the broker is. Embedded: the loopback address to listen on.</summary>
    public string Host { get; set; } = "127.0.0.1";

    public int Port { get; set; } = 1883;

    /// <summary>External only: connect by TLS.</summary>
    public bool Tls { get; set; }

    /// <summary>External only: ingest's own account there.</summary>
    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>External only. Stable for each instance: the broker keeps what it has not acknowledged under this name.</summary>
    public string ClientId { get; set; } = "grid-ingest-1";

    public IEnumerable<string> Faults()
    {
        if (Port is < 1 or > 65535) yield return "Grid:Broker:Port must be between 1 and 65535.";
        if (Kind is BrokerKind.Embedded)
        {
            if (Tls) yield return "Grid:Broker:Tls is for an external broker: the embedded one listens on loopback only.";
            if (!System.Net.IPAddress.TryParse(Host, out var address) || !System.Net.IPAddress.IsLoopback(address))
                yield return "Grid:Broker:Host must be a loopback address for the embedded broker, such as 127.0.0.1: it speaks plain MQTT.";
            yield break;
        }

        if (Host.Length == 0) yield return "Grid:Broker:Host must name the external broker.";
        if (User.Length == 0) yield return "Grid:Broker:User must name ingest's account at the external broker.";
        if (Password.Length == 0) yield return "Grid:Broker:Password is missing for the external broker.";
        if (ClientId.Length == 0) yield return "Grid:Broker:ClientId must be a stable name for this instance.";
    }
}

public enum BrokerKind
{
    Embedded = 1,
    External = 2,
}
