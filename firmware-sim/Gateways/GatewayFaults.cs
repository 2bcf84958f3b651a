using System.Diagnostics.CodeAnalysis;
using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>A gateway that cannot go on, in a sentence for the person who runs it.</summary>
[SuppressMessage("Roslynator", "RCS1194:Implement exception constructors", Justification = "Always carries its sentence.")]
public abstract class GatewayFaultException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No broker answers at that address.</summary>
[SuppressMessage("Roslynator", "RCS1194:Implement exception constructors", Justification = "Always carries the address.")]
public sealed class BrokerUnreachableException(string host, int port, Exception inner) : GatewayFaultException(
    FormattableString.Invariant($"No MQTT broker answers at {host}:{port} ({inner.GetBaseException().Message}): start the server, or name another with --host and --port."), inner);

/// <summary>The broker refuses this gateway's login, or what it sends.</summary>
[SuppressMessage("Roslynator", "RCS1194:Implement exception constructors", Justification = "Always carries the gateway.")]
public sealed class GatewayRefusedException(GatewayName gateway, string message) : GatewayFaultException(message)
{
    public GatewayName Gateway { get; } = gateway;

    internal static GatewayRefusedException Login(GatewayName gateway, string reason) => new(
        gateway, $"The broker refuses the login of gateway {gateway} ({reason}): create it with 'gateway create {gateway}', or rotate its secret, and use the new one.");

    internal static GatewayRefusedException Publish(GatewayName gateway, string topic, string reason) => new(
        gateway, $"The broker refuses what gateway {gateway} sends on {topic} ({reason}): check the broker's access rules and its log.");

    internal static GatewayRefusedException TakenOver(GatewayName gateway) => new(
        gateway, $"Another client logged in as gateway {gateway}: stop the second simulator, or give it other gateways.");
}
