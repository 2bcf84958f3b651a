using Grid.Wire;
using MQTTnet.Packets;

namespace Grid.Ingest;

internal static class UserProperties
{
    /// <summary>The contract's properties; others are ignored. Null if one of them stands twice or is no number or instant.</summary>
    public static Envelope? ToEnvelope(IReadOnlyCollection<MqttUserProperty>? properties)
    {
        if (properties is null or { Count: 0 }) return default(Envelope);
        string? epoch = null, seq = null, at = null;
        foreach (var property in properties)
        {
            ref var known = ref at;
            if (string.Equals(property.Name, Envelope.EpochProperty, StringComparison.Ordinal)) known = ref epoch;
            else if (string.Equals(property.Name, Envelope.SeqProperty, StringComparison.Ordinal)) known = ref seq;
            else if (!string.Equals(property.Name, Envelope.AtProperty, StringComparison.Ordinal)) continue;
            if (known is not null) return null;
            known = property.ReadValueAsString();
        }

        return Envelope.TryParse(epoch, seq, at, out var envelope) ? envelope : null;
    }
}
