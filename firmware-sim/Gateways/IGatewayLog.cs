using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>Evidence of what a gateway sent and heard.</summary>
public interface IGatewayLog
{
    /// <summary>Returns once it is on disk that this message is about to be sent.</summary>
    ValueTask SendingAsync(GatewayName gateway, KeptMessage message);

    /// <summary>The broker's answer to a message.</summary>
    void PubAck(GatewayName gateway, KeptMessage message, string reason);

    /// <summary>The backend's <c>ack</c>.</summary>
    void Ack(GatewayName gateway, long epoch, long storedThrough);
}
