using Grid.Domain;
using Grid.Wire;
using MQTTnet;
using MQTTnet.Protocol;

namespace Grid.Ingest;

/// <summary>
/// What the backend writes to gateways by way of an external broker. By a connection of its own: on ingest's it would stand behind
/// every PUBACK that the broker has not read yet. Connects when there is something to say.
/// </summary>
internal sealed class ExternalMail(BrokerOptions options, TimeProvider clock) : IGatewayMail, IDisposable
{
    private static readonly MqttClientFactory Clients = new();
    private volatile IMqttClient? _client;
    private readonly SemaphoreSlim _connecting = new(1, 1);

    /// <exception cref="InvalidOperationException">The broker refuses the connection, or the message.</exception>
    /// <exception cref="TimeoutException">The broker does not answer.</exception>
    public async Task SendAsync(GatewayName gateway, TopicKind kind, byte[] payload, bool retain, CancellationToken ct)
    {
        using CancellationTokenSource late = new(ExternalConnection.Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            await SendNowAsync(gateway, kind, payload, retain, either.Token);
        }
        catch (Exception failure) when (late.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The broker at {options.Host}:{options.Port} does not answer within {ExternalConnection.Patience.TotalSeconds} s.", failure);
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _connecting.Dispose();
    }

    private async Task SendNowAsync(GatewayName gateway, TopicKind kind, byte[] payload, bool retain, CancellationToken ct)
    {
        var client = _client is { IsConnected: true } connected ? connected : await ConnectAsync(ct);
        var message = new MqttApplicationMessageBuilder().WithTopic(Topics.Of(gateway, kind)).WithPayload(payload)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithRetainFlag(retain).Build();
        var answer = await client.PublishAsync(message, ct);
        if (!answer.IsSuccess) throw new InvalidOperationException($"The broker does not take {message.Topic} ({answer.ReasonCode}): its acl must let ingest read and write grid/v1/#.");
    }

    // A new client each time: one that has just lost its connection does not take another until it has cleaned up.
    private async Task<IMqttClient> ConnectAsync(CancellationToken ct)
    {
        await _connecting.WaitAsync(ct);
        try
        {
            if (_client is { IsConnected: true } other) return other;
            _client?.Dispose();
            var client = _client = Clients.CreateMqttClient();
            var result = await client.ConnectAsync(ExternalConnection.Mail(options), ct);
            if (result.ResultCode is not MqttClientConnectResultCode.Success)
                throw new InvalidOperationException($"The broker at {options.Host}:{options.Port} refuses the connection ({result.ResultCode}). See Grid:Broker.");
            return client;
        }
        finally
        {
            _connecting.Release();
        }
    }
}
