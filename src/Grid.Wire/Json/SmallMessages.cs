using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>Birth and last will, on <c>status</c>, retained.</summary>
/// <param name="State"><c>online</c> or <c>lost</c>.</param>
/// <param name="Buffered">Readings that the gateway still keeps.</param>
public sealed record StatusMessage(string State, string? Firmware = null, string? BootedAt = null, int? Buffered = null)
{
    public const string Online = "online";

    public const string LostState = "lost";

    public static readonly StatusMessage Lost = new(LostState);
}

/// <summary>What the backend has, on <c>ack</c>, retained: the gateway may forget everything up to each number.</summary>
public sealed record AckMessage(IReadOnlyList<AckedEpoch> Epochs);

public sealed record AckedEpoch(long Epoch, long StoredThrough);

/// <summary>One event, on <c>events</c>, numbered like readings.</summary>
public sealed record EventMessage(long Epoch, long Seq, MeterEvent Event);

/// <summary>The small messages of the contract, both ways. Decoding answers null and a fault where the text is not one.</summary>
public static class SmallMessages
{
    private static readonly (MeterEventKind Kind, string Type)[] EventTypes =
    [
        (MeterEventKind.MeterSwap, "meter-swap"),
        (MeterEventKind.RegisterRestart, "register-restart"),
        (MeterEventKind.ClockSet, "clock-set"),
        (MeterEventKind.Boot, "boot"),
        (MeterEventKind.Tamper, "tamper"),
        (MeterEventKind.Lost, "lost"),
    ];

    public static byte[] Encode(StatusMessage status) => JsonSerializer.SerializeToUtf8Bytes(status, WireJson.Default.StatusMessage);

    public static byte[] Encode(AckMessage ack) => JsonSerializer.SerializeToUtf8Bytes(ack, WireJson.Default.AckMessage);

    public static byte[] Encode(EventMessage message) => JsonSerializer.SerializeToUtf8Bytes(
        new EventJson
        {
            Epoch = message.Epoch,
            Seq = message.Seq,
            Type = EventTypes.First(t => t.Kind == message.Event.Kind).Type,
            Meter = message.Event.Meter?.Value,
            At = UtcText.Format(message.Event.At),
            ClosingWh = message.Event.ClosingWh,
            OpeningWh = message.Event.OpeningWh,
            From = message.Event.Lost?.From,
            To = message.Event.Lost?.To,
        },
        WireJson.Default.EventJson);

    public static StatusMessage? DecodeStatus(ReadOnlySpan<byte> payload) =>
        Read(payload, WireJson.Default.StatusMessage).Value is { State: StatusMessage.Online or StatusMessage.LostState } status ? status : null;

    public static AckMessage? DecodeAck(ReadOnlySpan<byte> payload) =>
        Read(payload, WireJson.Default.AckMessage).Value is { Epochs: not null } ack && !ack.Epochs.Any(e => e is null) ? ack : null;

    public static (EventMessage? Message, Fault? Fault) DecodeEvent(ReadOnlySpan<byte> payload)
    {
        var (json, fault) = Read(payload, WireJson.Default.EventJson);
        if (json is null) return (null, fault);
        try
        {
            return (new(
                Required(json.Epoch, "epoch", 1), Required(json.Seq, "seq", 1), new(
                    EventTypes.Where(t => string.Equals(t.Type, json.Type, StringComparison.Ordinal)).Select(t => (MeterEventKind?)t.Kind).FirstOrDefault()
                        ?? throw new FaultException(json.Type is null ? Reason.MissingMember : Reason.BadValue, "type"),
                    json.Meter is null ? null : MeterName.TryParse(json.Meter, out var meter) ? meter : throw new FaultException(Reason.BadValue, "meter"),
                    UtcText.TryParse(json.At ?? throw new FaultException(Reason.MissingMember, "at"), out var at) ? at : throw new FaultException(Reason.BadValue, "at"),
                    Register(json.ClosingWh, "closingWh"),
                    Register(json.OpeningWh, "openingWh"),
                    Lost(json))), null);
        }
        catch (FaultException refused)
        {
            return (null, refused.Fault);
        }
    }

    private static SequenceRange? Lost(EventJson json)
    {
        if (!string.Equals(json.Type, "lost", StringComparison.Ordinal)) return null;
        var from = Required(json.From, "from", 1);
        var to = Required(json.To, "to", from);
        return to < json.Seq ? new(from, to) : throw new FaultException(Reason.BadValue, "to"); // what was lost lies behind
    }

    private static long Required(long? value, string member, long min) =>
        value is not { } present ? throw new FaultException(Reason.MissingMember, member)
        : present < min || present == long.MaxValue ? throw new FaultException(Reason.BadValue, member)
        : present;

    private static long? Register(long? value, string member) =>
        value is < 0 or > Registers.MaxWh ? throw new FaultException(Reason.BadValue, member) : value;

    private static (T? Value, Fault? Fault) Read<T>(ReadOnlySpan<byte> payload, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(payload, type) is { } value ? (value, null) : (null, new(Reason.Malformed, "null"));
        }
        catch (JsonException broken)
        {
            return (null, new(Reason.Malformed, $"not the contract's JSON at byte {broken.BytePositionInLine}"));
        }
        catch (InvalidOperationException)
        {
            return (null, new(Reason.Malformed, "half a surrogate pair"));
        }
    }
}

internal sealed class EventJson
{
    public long? Epoch { get; set; }

    public long? Seq { get; set; }

    public string? Type { get; set; }

    public string? Meter { get; set; }

    public string? At { get; set; }

    public long? ClosingWh { get; set; }

    public long? OpeningWh { get; set; }

    public long? From { get; set; }

    public long? To { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = WireLimits.MaxDepth)]
[JsonSerializable(typeof(StatusMessage))]
[JsonSerializable(typeof(AckMessage))]
[JsonSerializable(typeof(EventJson))]
internal sealed partial class WireJson : JsonSerializerContext;
