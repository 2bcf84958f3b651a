using System.Collections.Concurrent;
using MQTTnet;
using MQTTnet.Protocol;

namespace Grid.Faults;

/// <summary>Connections of gateways to whichever broker there is; plain clients that send nothing twice by themselves.</summary>
internal sealed class Road(RowRun run, Core core) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<GatewayName, IMqttClient> _clients = new(); // a gateway sends one after another

    /// <returns>True with a PUBACK of success.</returns>
    public async Task<bool> PublishAsync(GatewayName gateway, string topic, byte[] payload)
    {
        try
        {
            var client = await ClientAsync(gateway);
            var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
            return (await client.PublishAsync(message, run.Stop)).IsSuccess;
        }
        catch (MQTTnet.Exceptions.MqttCommunicationException)
        {
            run.Count("connections lost");
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            if (client.IsConnected) await client.DisconnectAsync();
            client.Dispose();
        }

        _clients.Clear();
    }

    private async Task<IMqttClient> ClientAsync(GatewayName gateway)
    {
        if (_clients.TryGetValue(gateway, out var client) && client.IsConnected) return client;
        // A client that lost its connection may still be at taking leave of it, and takes no other meanwhile.
        client?.Dispose();
        client = _clients[gateway] = new MqttClientFactory().CreateMqttClient();
        var (id, user, password) = run.Neighbourhood.Access.GatewayLogin(int.Parse(gateway.Value.AsSpan(^5), CultureInfo.InvariantCulture));
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", core.Port).WithClientId(id).WithCredentials(user, password).Build(), run.Stop);
        return client;
    }
}
