using System.Buffers.Binary;
using System.Text;

namespace Grid.Benchmarks;

/// <summary>
/// As much of MQTT 5 as a gateway of the bench says and hears. By hand, because the load shares two cores with what it measures.
/// </summary>
internal static class MqttPackets
{
    public const byte Connack = 2;
    public const byte Publish = 3;
    public const byte Puback = 4;
    public const byte Suback = 9;

    /// <summary>Reason codes from here on are refusals.</summary>
    public const byte FirstRefusal = 0x80;

    public static byte[] Connect(string clientId, string user, string password)
    {
        var body = new List<byte>();
        Text(body, "MQTT");
        body.AddRange([5, 0b1100_0010, 0, 0, 0]); // user, password, clean start; no keep-alive, no properties
        foreach (var text in (string[])[clientId, user, password]) Text(body, text);
        return Packet(0x10, body);
    }

    public static byte[] Subscribe(string topic)
    {
        var body = new List<byte> { 0xFF, 0xFF, 0 }; // a packet id that no PUBLISH uses, no properties
        Text(body, topic);
        body.Add(0); // QoS 0: what is said again needs no acknowledgement
        return Packet(0x82, body);
    }

    public static byte[] Disconnect() => [0xE0, 0];

    /// <summary>Where in a PUBLISH its payload begins.</summary>
    public static int PayloadAt(ReadOnlySpan<byte> topic) => 8 + topic.Length;

    /// <summary>What stands before the payload of a PUBLISH at QoS 1. Two bytes of length, which every message of the bench needs.</summary>
    public static void WritePublishHead(Span<byte> to, ReadOnlySpan<byte> topic, ushort packetId, int payloadBytes)
    {
        var remaining = PayloadAt(topic) - 3 + payloadBytes;
        if (remaining is < 128 or >= 16_384) throw new InvalidOperationException("The bench publishes messages of 128 to 16,383 bytes.");
        to[0] = 0x32;
        PutLength(to[1..], remaining);
        BinaryPrimitives.WriteUInt16BigEndian(to[3..], (ushort)topic.Length);
        topic.CopyTo(to[5..]);
        BinaryPrimitives.WriteUInt16BigEndian(to[(5 + topic.Length)..], packetId);
        to[7 + topic.Length] = 0; // no properties
    }

    /// <summary>Finds the first whole packet; false where more must be read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> received, out byte type, out ReadOnlySpan<byte> body, out int consumed)
    {
        type = 0;
        body = default;
        consumed = 0;
        var length = 0;
        for (var at = 1; at < received.Length && at <= 4; at++)
        {
            length |= (received[at] & 0x7F) << (7 * (at - 1));
            if (received[at] >= 0x80) continue;
            if (received.Length < at + 1 + length) return false;
            type = (byte)(received[0] >> 4);
            body = received.Slice(at + 1, length);
            consumed = at + 1 + length;
            return true;
        }

        return false;
    }

    /// <summary>Topic and payload of a PUBLISH at QoS 0 with no more than 127 bytes of properties.</summary>
    public static (string Topic, ReadOnlyMemory<byte> Payload) ReadPublish(ReadOnlySpan<byte> body)
    {
        var topicBytes = BinaryPrimitives.ReadUInt16BigEndian(body);
        return (Encoding.UTF8.GetString(body.Slice(2, topicBytes)), body[(2 + topicBytes + 1 + body[2 + topicBytes])..].ToArray());
    }

    private static byte[] Packet(byte first, List<byte> body)
    {
        var length = new byte[4];
        return [first, .. length.AsSpan(0, PutLength(length, body.Count)), .. body];
    }

    private static void Text(List<byte> body, string text)
    {
        body.AddRange([(byte)(text.Length >> 8), (byte)text.Length]);
        body.AddRange(Encoding.ASCII.GetBytes(text));
    }

    private static int PutLength(Span<byte> to, int length)
    {
        for (var at = 0; ; at++)
        {
            var rest = length >> 7;
            to[at] = (byte)((length & 0x7F) | (rest > 0 ? 0x80 : 0));
            if (rest == 0) return at + 1;
            length = rest;
        }
    }
}
