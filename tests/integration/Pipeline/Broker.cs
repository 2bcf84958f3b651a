using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>A client that tries what it may not; answers the broker's own word.</summary>
internal static class Broker
{
    public static async Task<string> ConnectAsync(int port, string clientId, string user, string secret, CancellationToken ct)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        return (await client.ConnectAsync(Options(port, clientId, user, secret), ct)).ResultCode.ToString();
    }

    public static Task<string> PublishAsync(int port, string gateway, string topic, CancellationToken ct) => WithAsync(port, gateway, async client =>
        (await client.PublishAsync(Message(topic, [1]), ct)).ReasonCode.ToString(), ct);

    public static Task<string> SubscribeAsync(int port, string gateway, string filter, CancellationToken ct) => WithAsync(port, gateway, async client =>
        (await client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, ct)).Items.Single().ResultCode.ToString(), ct);

    /// <summary>Sends, and waits for the broker to end the connection.</summary>
    public static Task<string> SendAsync(int port, string gateway, string topic, byte[] payload, CancellationToken ct, Func<Task>? beforehand = null) => WithAsync(port, gateway, async client =>
    {
        if (beforehand is not null) await beforehand();
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += e =>
        {
            ended.TrySetResult(e.Reason.ToString());
            return Task.CompletedTask;
        };
        try
        {
            await client.PublishAsync(Message(topic, payload), ct);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            // The connection may end before the PUBACK does.
        }

        return await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), ct);
    }, ct);

    private static async Task<string> WithAsync(int port, string gateway, Func<IMqttClient, Task<string>> act, CancellationToken ct)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        (await client.ConnectAsync(Options(port, gateway, gateway, Homes.Secret), ct)).ResultCode.Should().Be(MqttClientConnectResultCode.Success);
        return await act(client);
    }

    private static MqttClientOptions Options(int port, string clientId, string user, string secret) => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(clientId).WithCredentials(user, secret).Build();

    private static MqttApplicationMessage Message(string topic, byte[] payload) =>
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
}
