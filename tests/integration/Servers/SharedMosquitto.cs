namespace Grid.IntegrationTests.Servers;

/// <summary>
/// Tests that let Grid subscribe at the one Mosquitto of tests/run take turns: Grids that share a subscription share its messages.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SharedMosquitto
{
    public const string Name = "The shared Mosquitto";
}
