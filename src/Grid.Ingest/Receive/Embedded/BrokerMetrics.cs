using System.Diagnostics.Metrics;

namespace Grid.Ingest;

/// <summary>Who is connected to the embedded broker, and who was turned away or made to wait.</summary>
internal sealed class BrokerMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _heldBack;

    public BrokerMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(IngestMetrics.MeterName);
        _refused = _meter.CreateCounter<long>("grid.broker.refused", "{connection}", "Connections refused or ended by the embedded broker, by why.");
        _heldBack = _meter.CreateCounter<long>("grid.broker.held_back", "{packet}", "Packets that had to wait because their gateway sends faster than it may.");
        foreach (var why in Enum.GetValues<RefusedBecause>()) _refused.Add(0, Tag(why)); // an alert on what is not there never fires
        _heldBack.Add(0);
    }

    public void ObserveConnections(Func<int> connections) =>
        _meter.CreateObservableGauge("grid.broker.connections", connections, "{connection}", "Connections to the embedded broker.");

    public void Refused(RefusedBecause why) => _refused.Add(1, Tag(why));

    public void HeldBack() => _heldBack.Add(1);

    private static KeyValuePair<string, object?> Tag(RefusedBecause why) => new("why", why switch
    {
        RefusedBecause.Full => "full",
        RefusedBecause.Credentials => "credentials",
        RefusedBecause.TooManyWrongSecrets => "too-many-wrong-secrets",
        RefusedBecause.Certificate => "certificate",
        RefusedBecause.TooLarge => "too-large",
        RefusedBecause.TooSlow => "too-slow",
        _ => "revoked",
    });
}

internal enum RefusedBecause
{
    Full = 1,
    Credentials = 2,
    TooManyWrongSecrets = 3,
    Certificate = 4,
    TooLarge = 5,
    TooSlow = 6,
    Revoked = 7,
}
