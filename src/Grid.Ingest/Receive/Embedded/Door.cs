using System.Net;
using Grid.Domain;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Grid.Ingest;

/// <summary>Who may connect to the embedded broker: a gateway of the registry with its secret, and with its certificate where one is asked for.</summary>
internal sealed class Door(BrokerOptions options, CurrentRegistry registry, WrongSecrets wrong, BrokerMetrics metrics)
{
    /// <summary>Its gateway and the hash of its secret, or the reason for a no.</summary>
    public (GatewayName Gateway, byte[] SecretHash, MqttConnectReasonCode Answer) Knock(ValidatingConnectionEventArgs e)
    {
        var from = (e.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!GatewayName.TryParse(e.ClientId, out var gateway) || !string.Equals(e.UserName, gateway.Value, StringComparison.Ordinal)
            || registry.Snapshot.CredentialOf(gateway)?.SecretHash is not { } hash)
            return No(RefusedBecause.Credentials);
        if (options.ClientCertificateAuthority.Length > 0 && (e.ClientCertificate is not { } shown || !BrokerCertificates.IsMadeOutTo(shown, gateway)))
            return No(RefusedBecause.Certificate);
        if (wrong.IsBlocked(gateway, from)) return No(RefusedBecause.TooManyWrongSecrets, MqttConnectReasonCode.ConnectionRateExceeded);
        if ((options.CertificateAlone && e.RawPassword is null or { Length: 0 }) || GatewaySecret.Matches(hash, e.Password ?? "")) return (gateway, hash, MqttConnectReasonCode.Success);
        wrong.Count(gateway, from);
        return No(RefusedBecause.Credentials);
    }

    /// <summary>Not revoked, and with the same secret as then.</summary>
    public bool StillKnows(Admission admitted) =>
        registry.Snapshot.CredentialOf(admitted.Gateway)?.SecretHash is { } held && held.AsSpan().SequenceEqual(admitted.SecretHash);

    private (GatewayName Gateway, byte[] SecretHash, MqttConnectReasonCode Answer) No(RefusedBecause why, MqttConnectReasonCode answer = MqttConnectReasonCode.BadUserNameOrPassword)
    {
        metrics.Refused(why);
        return (default, [], answer);
    }
}
