using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>A gateway that writes its packets byte by byte, right or wrong. MQTT 5 unless said.</summary>
internal sealed class RawGateway : IDisposable
{
    public const byte Connack = 0x20;
    public const byte Puback = 0x40;
    public const byte Disconnect = 0xE0;

    private readonly TcpClient _client = new();

    private RawGateway()
    {
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<RawGateway> OpenAsync(int port)
    {
        RawGateway gateway = new();
        await gateway._client.ConnectAsync(IPAddress.Loopback, port, Stop);
        return gateway;
    }

    public static async Task<RawGateway> ConnectAsync(int port, string name, string secret, bool cleanStart = true)
    {
        var gateway = await OpenAsync(port);
        await gateway.SendAsync(ConnectPacket(name, secret, cleanStart));
        (await gateway.ReceiveAsync()).Should().Match<byte[]>(answer => answer[0] == Connack && answer[3] == 0);
        return gateway;
    }

    public static byte[] ConnectPacket(string name, string secret, bool cleanStart = true)
    {
        byte[] body = [0, 4, .. "MQTT"u8, 5, (byte)(cleanStart ? 0xC2 : 0xC0), 0, 0, 5, 0x11, 0, 0, 0, 60, .. Text(name), .. Text(name), .. Text(secret)];
        return [0x10, .. Length(body.Length), .. body];
    }

    public static byte[] PublishPacket(string topic, ushort packet, ReadOnlySpan<byte> payload)
    {
        byte[] head = [.. Text(topic), (byte)(packet >> 8), (byte)packet, 0];
        return [0x32, .. Length(head.Length + payload.Length), .. head, .. payload];
    }

    /// <summary>The beginning of a PUBLISH that says it is this long.</summary>
    public static byte[] PublishHeader(string topic, int remaining) => [0x32, .. Length(remaining), .. Text(topic)];

    public Task SendAsync(byte[] bytes) => _client.GetStream().WriteAsync(bytes, Stop).AsTask();

    /// <summary>The next packet; empty once the broker has closed.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        enough.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            var head = new byte[2];
            if (await _client.GetStream().ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, enough.Token) < 2) return [];
            var body = new byte[head[1]]; // what a broker answers is short
            await _client.GetStream().ReadExactlyAsync(body, enough.Token);
            return [.. head, .. body];
        }
        catch (IOException)
        {
            return []; // a reset
        }
    }

    public void Dispose() => _client.Dispose();

    internal static byte[] Length(int length)
    {
        List<byte> bytes = [];
        do
        {
            bytes.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);

        return [.. bytes];
    }

    private static byte[] Text(string text) => [(byte)(Encoding.UTF8.GetByteCount(text) >> 8), (byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];
}
