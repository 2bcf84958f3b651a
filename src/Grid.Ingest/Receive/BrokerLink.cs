namespace Grid.Ingest;

/// <summary>Whether ingest gets what gateways publish: with an external broker, whether it is connected to it with all its subscriptions.</summary>
internal sealed class BrokerLink(BrokerOptions options)
{
    private volatile string? _why = options.Kind is BrokerKind.Embedded ? null : "not connected yet";

    public bool IsUp => _why is null;

    /// <summary>A sentence; null while it is up.</summary>
    public string? CutOff => _why is { } why ? $"Ingest is cut off from the broker at {options.Host}:{options.Port} ({why}): what gateways publish stays there. See Grid:Broker." : null;

    public void Up() => _why = null;

    public void Down(string why) => _why = why;
}
