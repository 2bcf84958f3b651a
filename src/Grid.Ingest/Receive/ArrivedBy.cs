using MQTTnet;
using MQTTnet.Packets;

namespace Grid.Ingest;

/// <summary>
/// Travels with a received message as its user properties, the one part that MQTTnet hands on as it came, and says by which
/// connection it came: what is sent in answer must never go to a later one, where its packet identifier may be another message's.
/// </summary>
internal sealed class ArrivedBy<TConnection>(TConnection connection, IEnumerable<MqttUserProperty> properties) : List<MqttUserProperty>(properties)
    where TConnection : class
{
    private readonly TConnection _connection = connection;

    public static void Mark(MqttPublishPacket packet, TConnection connection) =>
        packet.UserProperties = new ArrivedBy<TConnection>(connection, packet.UserProperties ?? []);

    public static ArrivedBy<TConnection> Empty(TConnection connection) => new(connection, []);

    /// <returns>Null for a message that came by none: a last will, or one of our own.</returns>
    public static TConnection? Of(MqttApplicationMessage message) => Of(message.UserProperties);

    public static TConnection? Of(List<MqttUserProperty>? properties) => (properties as ArrivedBy<TConnection>)?._connection;
}
